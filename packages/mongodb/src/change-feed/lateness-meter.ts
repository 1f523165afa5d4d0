import { secondsOf, type Lateness, type Logger, type StoreTime } from '@nestfold/core';

/**
 * Measures how long after its own time a commit became visible. History by time relies on a horizon that is longer, so
 * half of it is worth an alarm: a commit that a catch-up has already passed would be missing in a read model.
 */
export class LatenessMeter {
  private lastSeconds = 0;
  private maxSeconds = 0;

  constructor(
    private readonly horizonSeconds: number,
    private readonly logger: Logger,
  ) {}

  measure(time: StoreTime, visibleAt: StoreTime): void {
    this.lastSeconds = Math.max(0, secondsOf(visibleAt) - secondsOf(time));
    if (this.lastSeconds <= this.maxSeconds) return;
    this.maxSeconds = this.lastSeconds;
    if (this.maxSeconds > this.horizonSeconds / 2) {
      this.logger.error(
        'A commit became visible very late: look for long transactions or schema changes on the commits collection.',
        {
          lateSeconds: this.maxSeconds,
          horizonSeconds: this.horizonSeconds,
        },
      );
    }
  }

  read(): Lateness {
    return { lastSeconds: this.lastSeconds, maxSeconds: this.maxSeconds };
  }
}
