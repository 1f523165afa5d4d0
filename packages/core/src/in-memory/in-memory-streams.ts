import type { PayloadCodec } from '../codec/payload-codec.port.js';
import type { Commit } from '../event/event.js';
import type { StreamRange } from '../feed/change-feed.port.js';
import type { StoreTime } from '../feed/store-time.js';
import type { StreamName } from '../stream/stream-name.js';
import { decodeCommits } from './commit-copy.js';
import { compareValues } from './value-order.js';

/** The parts of an in-memory database that the past is read from. */
interface Log {
  readonly log: readonly Commit[];
  readonly visibleAt: readonly StoreTime[];
}

/** Names in the order of a database, which is that of their bytes. */
const compareNames = (one: StreamName, other: StreamName): number => compareValues(one, other) ?? 0;

/** The commits of a range of streams: stream after stream, each in version order, in pages. */
export async function* pagesByStream(
  { log, visibleAt }: Log,
  { from, to, after, before, asOf, types }: StreamRange,
  pageSize: number,
  codec: PayloadCodec | undefined,
): AsyncIterable<readonly Commit[]> {
  const wanted = types && new Set(types);
  const follows = ({ stream, firstVersion }: Commit): boolean => {
    if (after === undefined) return true;
    const order = compareNames(stream, after.stream);
    return order > 0 || (order === 0 && firstVersion > after.version);
  };
  const range = log
    .filter((commit, index) => {
      const { stream, time, events } = commit;
      if (time >= before || (visibleAt[index] ?? '') > asOf) return false;
      if (from !== undefined && compareNames(stream, from) < 0) return false;
      if (to !== undefined && compareNames(stream, to) >= 0) return false;
      return follows(commit) && (!wanted || events.some(({ type }) => wanted.has(type)));
    })
    .sort((one, other) => compareNames(one.stream, other.stream) || one.firstVersion - other.firstVersion);
  for (let first = 0; first < range.length; first += pageSize)
    yield await decodeCommits(range.slice(first, first + pageSize), codec);
}

/** Names that cut all streams into parts of about as many commits each. */
export function boundsOf({ log }: Pick<Log, 'log'>, parts: number): StreamName[] {
  return quantiles(log.map(({ stream }) => stream).sort(compareNames), parts);
}

function quantiles(sorted: readonly StreamName[], parts: number): StreamName[] {
  const bounds = Array.from({ length: Math.max(0, parts - 1) }, (_, index) =>
    sorted.at(Math.floor(((index + 1) * sorted.length) / parts)),
  );
  // A bound at the very first stream would leave the first range empty.
  return [...new Set(bounds)].filter((name): name is StreamName => name !== undefined && name !== sorted[0]);
}
