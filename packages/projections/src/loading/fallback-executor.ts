import type { LoadPace } from './load-control.js';
import { isLoadThreadUnfit } from './load-thread.errors.js';
import type { RangeExecutor } from './range-executor.js';
import type { RangeOutcome } from './range-loader.js';

/** Loads on a thread as long as that is fit for it, and then by other means: a build is not to fail for what only makes it faster. */
export class FallbackExecutor implements RangeExecutor {
  private last: LoadPace = { paused: false };

  constructor(
    private current: RangeExecutor,
    private readonly other: () => RangeExecutor,
    private readonly tell: (error: unknown) => void,
  ) {}

  async load(range: number, signal: AbortSignal): Promise<RangeOutcome> {
    try {
      return await this.current.load(range, signal);
    } catch (error) {
      if (!isLoadThreadUnfit(error)) throw error;
      this.tell(error);
      await this.current.close();
      this.current = this.other();
      this.current.pace(this.last);
      return this.current.load(range, signal);
    }
  }

  pace(pace: LoadPace): void {
    this.last = pace;
    this.current.pace(pace);
  }

  close(): Promise<void> {
    return this.current.close();
  }
}
