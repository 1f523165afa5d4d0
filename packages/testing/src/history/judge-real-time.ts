import type { AppendRecord, Violation } from './history.js';
import type { StreamHistory } from './stream-history.js';

/**
 * When each event may have become visible: after `from` and before `to`, in an order of the events that is that of the log. Index 0 is the first event; one
 * more stands for an event that never came.
 */
interface Bounds {
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** Rules 6 and 7: the log, the acknowledgements and the reads have one order that agrees with real time, and conflicts had a cause. */
export function judgeRealTime(history: StreamHistory): Violation[] {
  const { stream, final, appends } = history;
  const own = ownBounds(history);
  // Within the log order: an event is not before the ones that precede it, nor after the ones that follow.
  const from = own.from;
  for (let place = 1; place <= final.length; place += 1) from[place] = Math.max(from[place]!, from[place - 1]!);
  const found: Violation[] = [];
  for (let place = 0; place < final.length; place += 1)
    if (from[place]! > own.to[place]!)
      found.push({
        rule: 'real-time',
        subject: stream,
        message: `${stream}: event ${place + 1} was seen, or acknowledged, at ${own.to[place]}, but it or one before it was asked for, or was not there, at ${from[place]}.`,
      });
  if (found.length > 0) return found;
  const to = own.to;
  for (let place = final.length - 2; place >= 0; place -= 1) to[place] = Math.min(to[place]!, to[place + 1]!);
  for (const append of appends) {
    const fault = append.conflict === true ? unjustified(append, { from, to }, final.length) : undefined;
    if (fault !== undefined)
      found.push({ rule: 'conflict-unjustified', subject: stream, message: `${stream}: ${fault}.` });
  }
  return found;
}

function ownBounds({ final, authorship, reads }: StreamHistory): Bounds {
  const from = new Float64Array(final.length + 1).fill(Number.NEGATIVE_INFINITY);
  const to = new Float64Array(final.length + 1).fill(Number.POSITIVE_INFINITY);
  for (let place = 0; place < final.length; place += 1) {
    const append = authorship.authors[place];
    if (append === undefined) continue;
    from[place] = append.invoked;
    if (append.status === 'ok' && append.completed !== undefined) to[place] = append.completed;
  }
  // A read of n events: the n-th was there when it ended, the next one was not when it began. The orders of the log carry both further.
  for (const { status, length, invoked, completed } of reads) {
    if (status !== 'ok' || length > final.length) continue;
    from[length] = Math.max(from[length]!, invoked);
    if (length > 0 && completed !== undefined) to[length - 1] = Math.min(to[length - 1]!, completed);
  }
  return { from, to };
}

/** A conflict is wrong when the stream was certainly where it was expected, from before the call until after it. */
function unjustified(append: AppendRecord, { from, to }: Bounds, length: number): string | undefined {
  const { expected, invoked, completed = Number.POSITIVE_INFINITY } = append;
  if (expected === 'any') return 'an append that expected any version was told of a conflict';
  if (expected === 'exists')
    return length > 0 && to[0]! < invoked
      ? 'an append that expected a stream was told of a conflict, though there was one'
      : undefined;
  if (expected > length) return undefined;
  const isThere = expected === 0 || to[expected - 1]! < invoked;
  const isStill = expected === length || from[expected]! > completed;
  return isThere && isStill
    ? `an append that expected version ${expected} was told of a conflict, though the stream was there all the time`
    : undefined;
}
