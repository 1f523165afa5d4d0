import { secondsOf } from '@nestfold/core';
/**
 * Measures how long after its own time a commit became visible. History by time relies on a horizon that is longer, so
 * half of it is worth an alarm: a commit that a catch-up has already passed would be missing in a read model.
 */
export class LatenessMeter {
    horizonSeconds;
    logger;
    lastSeconds = 0;
    maxSeconds = 0;
    constructor(horizonSeconds, logger) {
        this.horizonSeconds = horizonSeconds;
        this.logger = logger;
    }
    measure(time, visibleAt) {
        this.lastSeconds = Math.max(0, secondsOf(visibleAt) - secondsOf(time));
        if (this.lastSeconds <= this.maxSeconds)
            return;
        this.maxSeconds = this.lastSeconds;
        if (this.maxSeconds > this.horizonSeconds / 2) {
            this.logger.error('A commit became visible very late: look for long transactions or schema changes on the commits collection.', {
                lateSeconds: this.maxSeconds,
                horizonSeconds: this.horizonSeconds,
            });
        }
    }
    read() {
        return { lastSeconds: this.lastSeconds, maxSeconds: this.maxSeconds };
    }
}
