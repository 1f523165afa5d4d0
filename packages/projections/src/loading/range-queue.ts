import type { LoadRange } from '@nestfold/core';
import type { RangeOutcome } from './range-loader.js';

type State = { readonly kind: 'free' | 'taken' | 'done' } | { readonly kind: 'elsewhere'; readonly since: number };

/** Which ranges of a load are still to be done, as this process knows. */
export class RangeQueue {
  private readonly states: State[];
  private readonly failures: number[];

  constructor(ranges: readonly LoadRange[]) {
    this.states = ranges.map(({ done }) => ({ kind: done ? 'done' : 'free' }));
    this.failures = ranges.map(() => 0);
  }

  get areDone(): boolean {
    return this.states.every(({ kind }) => kind === 'done');
  }

  /** The next range to try; one that another process held not before `pauseMs` are over. */
  take(now: number, pauseMs: number): number | undefined {
    const isOpen = (state: State): boolean =>
      state.kind === 'free' || (state.kind === 'elsewhere' && now - state.since >= pauseMs);
    const free = this.states.findIndex(({ kind }) => kind === 'free');
    const range = free >= 0 ? free : this.states.findIndex(isOpen);
    if (range < 0) return undefined;
    this.states[range] = { kind: 'taken' };
    return range;
  }

  /** How an attempt at a range ended. */
  put(range: number, outcome: RangeOutcome, now: number): void {
    if (outcome === 'done') this.states[range] = { kind: 'done' };
    else if (outcome === 'elsewhere') this.states[range] = { kind: 'elsewhere', since: now };
    else this.states[range] = { kind: 'free' };
    if (outcome === 'done' || outcome === 'elsewhere') this.failures[range] = 0;
  }

  /** Counts an attempt that ended with its thread; answers how many there were in a row. */
  failed(range: number): number {
    const failures = (this.failures[range] ?? 0) + 1;
    this.failures[range] = failures;
    return failures;
  }

  /** What is stored. */
  learn(ranges: readonly LoadRange[]): void {
    for (const [range, { done }] of ranges.entries())
      if (done && this.states[range]?.kind !== 'taken') this.states[range] = { kind: 'done' };
  }
}
