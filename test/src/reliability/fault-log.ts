import { clock } from '../support/clock.js';
import type { Bound } from './bound.js';
import { inSeconds, quantile } from './line.js';

/** When faults were there, and how long it took until work went on. Times are those of `clock()`. */
export class FaultLog {
  readonly windows: { readonly from: number; readonly to: number }[] = [];
  readonly resumedMs: number[] = [];

  /** How many were met. */
  get count(): number {
    return this.windows.length;
  }

  /** The longest of them in seconds, and what it may be at most. */
  resumesWithin(seconds: number): Bound {
    return { what: 'resume_s', was: inSeconds(quantile(this.resumedMs, 1)), atMost: seconds };
  }

  /** Notes a fault that was met and lasted from a moment until now. */
  met(from: number): void {
    this.windows.push({ from, to: clock() });
  }

  /** Notes how long after a moment work went on. */
  resumed(from: number): void {
    this.resumedMs.push(clock() - from);
  }
}
