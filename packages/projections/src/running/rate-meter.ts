import type { Environment } from '@nestfold/core';

const WINDOW_MS = 5_000;

/** Events a second over the last seconds. */
export class RateMeter {
  private readonly samples: { readonly at: number; readonly count: number }[] = [];

  constructor(private readonly environment: Environment) {}

  add(count: number): void {
    if (count > 0) this.samples.push({ at: this.environment.now(), count });
    this.forget();
  }

  /** Never infinite: what came within less than a second counts as of a second. */
  get rate(): number {
    this.forget();
    const first = this.samples[0];
    if (first === undefined) return 0;
    const seconds = Math.max(1, (this.environment.now() - first.at) / 1_000);
    return Math.round(this.samples.reduce((sum, { count }) => sum + count, 0) / seconds);
  }

  private forget(): void {
    const oldest = this.environment.now() - WINDOW_MS;
    while (this.samples[0] !== undefined && this.samples[0].at < oldest) this.samples.shift();
  }
}
