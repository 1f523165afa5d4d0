import type { LoadPace } from './load-control.js';
import type { RangeOutcome } from './range-loader.js';

/** What loads ranges, one at a time: the main thread or a worker thread. */
export interface RangeExecutor {
  /** Throws what the loading throws; `LoadThreadFailed` where a thread has ended meanwhile. */
  load(range: number, signal: AbortSignal): Promise<RangeOutcome>;
  pace(pace: LoadPace): void;
  /** Ends it; a range that is being loaded ends first. */
  close(): Promise<void>;
}
