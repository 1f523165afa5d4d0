import type { Environment } from '@nestfold/core';

/** What an operator asks of a load that runs. */
export interface LoadPace {
  readonly paused: boolean;
  /** Events a second, at most. */
  readonly throttle?: number;
}

/** Holds a load back between two batches: while it is paused, and as its throttle says. */
export class LoadControl {
  private pace: LoadPace = { paused: false };
  private changed = new AbortController();
  /** When the next batch may begin, by the throttle. */
  private freeAt = 0;

  constructor(private readonly environment: Environment) {}

  /** Events a second, at most. */
  get throttle(): number | undefined {
    return this.pace.throttle;
  }

  set(pace: LoadPace): void {
    if (pace.paused === this.pace.paused && pace.throttle === this.pace.throttle) return;
    this.pace = pace;
    this.freeAt = 0;
    this.changed.abort();
    this.changed = new AbortController();
  }

  /** Waits until it may go on after so many events; ends early when the signal aborts. */
  async admit(events: number, signal: AbortSignal): Promise<void> {
    const now = this.environment.now();
    const { throttle } = this.pace;
    if (throttle !== undefined) this.freeAt = Math.max(now, this.freeAt) + (events * 1_000) / throttle;
    while (!signal.aborted) {
      const wait = this.pace.paused ? Number.POSITIVE_INFINITY : this.freeAt - this.environment.now();
      if (wait <= 0) return;
      await this.environment.sleep(Math.min(wait, LONGEST_MS), AbortSignal.any([signal, this.changed.signal]));
    }
  }
}

const LONGEST_MS = 60_000;
