import type { ReadRecord, Violation } from './history.js';
import type { StreamHistory } from './stream-history.js';

/** Rule 5: every read is a prefix of the log and ends between two appends. */
export function judgeReads(history: StreamHistory): Violation[] {
  const found: Violation[] = [];
  for (const read of history.reads) {
    const fault = read.status === 'ok' ? faultOf(read, history) : undefined;
    if (fault !== undefined)
      found.push({ rule: 'read-prefix', subject: history.stream, message: `${history.stream}: ${fault}.` });
  }
  return found;
}

function faultOf({ length, events }: ReadRecord, { final, authorship }: StreamHistory): string | undefined {
  if (length > final.length) return `a read had ${length} events, of which ${length - final.length} are gone`;
  if (events !== undefined) {
    if (events.length !== length) return `a read had ${events.length} events and said ${length}`;
    for (let place = 0; place < length; place += 1)
      if (events[place] !== final[place]!.id)
        return `a read had '${events[place]}' as event ${place + 1}, which is '${final[place]!.id}'`;
  }
  const author = authorship.authors[length - 1];
  const isTorn = author !== undefined && author === authorship.authors[length];
  return isTorn ? `a read of ${length} events ended inside an append` : undefined;
}
