import type { AppendRecord, FinalEvent } from './history.js';

/** Which append brought each event of a stream's final log. */
export interface Authorship {
  /** By place in the log, from 0. */
  readonly authors: readonly (AppendRecord | undefined)[];
  /** The last place of each event id; missing when everything is where its client was told, so that nobody has to search. */
  readonly places?: ReadonlyMap<string, number>;
}

/**
 * Finds the authors. In a right history nearly every append says itself where it stands, so nothing is searched; in any other, all are looked up, and
 * what is wrong can be told.
 */
export function authorshipOf(appends: readonly AppendRecord[], final: readonly FinalEvent[]): Authorship {
  return atTheirPlaces(appends, final) ?? lookedUp(appends, final);
}

function atTheirPlaces(appends: readonly AppendRecord[], final: readonly FinalEvent[]): Authorship | undefined {
  const authors = new Array<AppendRecord | undefined>(final.length).fill(undefined);
  const others: AppendRecord[] = [];
  let known = 0;
  for (const append of appends) {
    const { status, version, events } = append;
    if (status !== 'ok' || version === undefined) {
      others.push(append);
      continue;
    }
    if (!claim(append, version - events.length, authors, final)) return undefined;
    known += events.length;
  }
  const rest = new Map<string, number>();
  for (let place = 0; place < final.length; place += 1) {
    if (final[place]!.version !== place + 1) return undefined;
    if (authors[place] === undefined) rest.set(final[place]!.id, place);
  }
  for (const append of others) {
    const { status, events } = append;
    const first = rest.get(events[0] ?? '');
    if (first === undefined && status === 'info' && !events.some((id) => rest.has(id))) continue;
    if (status === 'fail' ? events.some((id) => rest.has(id)) : !claim(append, first ?? -1, authors, final))
      return undefined;
    if (status !== 'fail') known += events.length;
  }
  return known === final.length ? { authors } : undefined;
}

/** Notes an append as the author of its events, if they stand there and are nobody else's. */
function claim(
  append: AppendRecord,
  first: number,
  authors: (AppendRecord | undefined)[],
  final: readonly FinalEvent[],
): boolean {
  const { events, expected } = append;
  const fits = expected === 'any' || (expected === 'exists' ? first > 0 : expected === first);
  if (!fits || first < 0 || first + events.length > final.length) return false;
  for (let index = 0; index < events.length; index += 1) {
    if (final[first + index]!.id !== events[index] || authors[first + index] !== undefined) return false;
    authors[first + index] = append;
  }
  return true;
}

function lookedUp(appends: readonly AppendRecord[], final: readonly FinalEvent[]): Required<Authorship> {
  const places = new Map(final.map(({ id }, place) => [id, place]));
  const byId = new Map(appends.flatMap((append) => append.events.map((id) => [id, append] as const)));
  return { authors: final.map(({ id }) => byId.get(id)), places };
}
