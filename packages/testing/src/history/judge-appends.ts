import type { AppendRecord, Violation } from './history.js';
import type { StreamHistory } from './stream-history.js';

/** Rules 1–4: what stands in the log, and whether every append is there as its client was told. */
export function judgeAppends(history: StreamHistory): Violation[] {
  const { stream, appends, authorship } = history;
  const { places } = authorship;
  if (places === undefined) return [];
  return [...judgeLog(history, places), ...appends.flatMap((append) => judgeAppend(append, stream, places))];
}

type Places = ReadonlyMap<string, number>;

function judgeLog({ stream, final, authorship }: StreamHistory, places: Places): Violation[] {
  const found: Violation[] = [];
  for (let place = 0; place < final.length; place += 1) {
    const { version, id } = final[place]!;
    if (version !== place + 1)
      found.push(violation('versions-dense', stream, `event ${place + 1} has version ${version}`));
    if (places.get(id) !== place)
      found.push(violation('ids-unique', stream, `event '${id}' stands at version ${place + 1} and again later`));
    if (authorship.authors[place] === undefined)
      found.push(violation('append-recorded', stream, `nobody appended event '${id}'`));
  }
  return found;
}

function judgeAppend(append: AppendRecord, stream: string, places: Places): Violation[] {
  const { events, status, expected, version } = append;
  let present = 0;
  for (const id of events) if (places.has(id)) present += 1;
  const name = `append of ${events.length} with '${events[0]}'`;
  if (status === 'fail')
    return present === 0 ? [] : [violation('fail-absent', stream, `a failed ${name} left ${present} events`)];
  if (status === 'info' && present === 0) return [];
  const rule = status === 'ok' ? 'ok-present' : 'info-whole';
  if (present < events.length)
    return [violation(rule, stream, `of an ${said(status)} ${name} only ${present} events are stored`)];
  const first = places.get(events[0] ?? '') ?? 0;
  for (let index = 1; index < events.length; index += 1)
    if (places.get(events[index]!) !== first + index)
      return [violation(rule, stream, `an ${said(status)} ${name} is not stored in one piece and in order`)];
  if (typeof expected === 'number' && first !== expected)
    return [violation(rule, stream, `an ${said(status)} ${name} expected version ${expected} but follows ${first}`)];
  if (expected === 'exists' && first === 0)
    return [violation(rule, stream, `an ${said(status)} ${name} expected a stream, but began it`)];
  if (version !== undefined && version !== first + events.length)
    return [
      violation(rule, stream, `an ${name} was acknowledged as version ${version}, but is ${first + events.length}`),
    ];
  return [];
}

const said = (status: 'ok' | 'info'): string => (status === 'ok' ? 'acknowledged' : 'unanswered');

function violation(rule: Violation['rule'], stream: string, what: string): Violation {
  return { rule, subject: stream, message: `${stream}: ${what}.` };
}
