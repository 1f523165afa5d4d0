import type { BatchLimits } from '../running/batch-source.js';

/** Sizes of batches under a throttle (events a second, as it is by now): about a second's worth at most, so that the pace is even. */
export function throttledLimits(limits: BatchLimits, throttle: () => number | undefined): BatchLimits {
  const most = (events: number): number => Math.min(events, Math.max(1, Math.ceil(throttle() ?? events)));
  return {
    get liveEvents() {
      return most(limits.liveEvents);
    },
    get historyEvents() {
      return most(limits.historyEvents);
    },
    historyDocuments: limits.historyDocuments,
    batchBytes: limits.batchBytes,
  };
}
