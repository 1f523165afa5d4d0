import { authorshipOf } from './authorship.js';
import type { AppendRecord, FinalEvent, FinalLog, History, ReadRecord, Violation } from './history.js';
import { judgeAppends } from './judge-appends.js';
import { judgeReads } from './judge-reads.js';
import { judgeRealTime } from './judge-real-time.js';

const NOTHING: readonly never[] = [];

/**
 * Judges what clients saw against the log that was stored in the end, exactly, stream by stream: versions are dense and ids unique; what was acknowledged is
 * there, in one piece and in its place; what failed is not; of what is unknown all or nothing is; every read is a prefix that ends between
 * two appends; there is an order of all appends and reads that agrees with real time (linearizability); and no conflict was invented.
 * Takes time in proportion to the operations. An empty answer means: no violation.
 */
export function judgeHistory({ appends, reads }: History, log: FinalLog): Violation[] {
  const appendsOf = byStream(appends);
  const readsOf = byStream(reads);
  const streams = new Set([...log.keys(), ...appendsOf.keys(), ...readsOf.keys()]);
  const violations: Violation[] = [];
  for (const stream of streams)
    violations.push(
      ...judgeStream(
        stream,
        appendsOf.get(stream) ?? NOTHING,
        readsOf.get(stream) ?? NOTHING,
        log.get(stream) ?? NOTHING,
      ),
    );
  return violations;
}

function judgeStream(
  stream: string,
  appends: readonly AppendRecord[],
  reads: readonly ReadRecord[],
  final: readonly FinalEvent[],
): Violation[] {
  const history = { stream, appends, reads, final, authorship: authorshipOf(appends, final) };
  const found = [...judgeAppends(history), ...judgeReads(history)];
  // Real time is judged of a log that makes sense: else one fault would be told a hundred times.
  return found.length > 0 ? found : judgeRealTime(history);
}

function byStream<R extends { readonly stream: string }>(records: readonly R[]): Map<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const record of records) {
    const group = groups.get(record.stream);
    if (group) group.push(record);
    else groups.set(record.stream, [record]);
  }
  return groups;
}
