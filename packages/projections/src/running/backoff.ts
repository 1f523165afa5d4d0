import type { Environment } from '@nestfold/core';

/** Pauses between attempts: each up to twice as long as the one before, half of it chance, so that processes do not return together. */
export class Backoff {
  private count = 0;

  constructor(
    private readonly environment: Environment,
    private readonly firstMs: number,
    private readonly maxMs: number,
  ) {}

  /** Attempts that have failed since the last reset. */
  get attempts(): number {
    return this.count;
  }

  reset(): void {
    this.count = 0;
  }

  /** Counts a failure and pauses; ends early when the signal aborts. */
  async pause(signal: AbortSignal): Promise<void> {
    const full = Math.min(this.maxMs, this.firstMs * 2 ** Math.min(this.count, 30));
    this.count += 1;
    await this.environment.sleep(full / 2 + (full / 2) * this.environment.random(), signal);
  }
}
