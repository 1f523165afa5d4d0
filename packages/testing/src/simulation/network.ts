import { StoreUnavailable } from '@nestfold/core';
import type { Chance } from './chance.js';
import { calm, type FaultRates } from './fault-rates.js';
import type { SimulatedProcess } from './simulated-process.js';
import type { Trace } from './trace.js';
import type { VirtualClock } from './virtual-clock.js';

/** What becomes of one call. */
interface Plan {
  readonly before: number;
  readonly after: number;
  readonly end: 'answer' | 'fail-before' | 'fail-after' | 'hang-before' | 'hang-after';
}

/** How a port tells of a failure of which it knows whether there was an effect, or does not. */
export interface Failures {
  /** Certainly without effect. */
  readonly before: () => Error;
  /** The effect may be there. */
  readonly after: () => Error;
}

const unavailable: Failures = {
  before: () => new StoreUnavailable('Simulated: the call did not reach the store.'),
  after: () => new StoreUnavailable('Simulated: the answer was lost.'),
};

/**
 * What lies between the processes and their store. Each call takes time on its way there or back, may fail, hang or lose its answer; a process that
 * dies or is paused meanwhile never hears the answer, or late, while an effect that is under way may still come.
 */
export class Network {
  private rates: FaultRates = calm;
  private isCut = false;

  constructor(
    readonly clock: VirtualClock,
    readonly chance: Chance,
    readonly trace: Trace,
  ) {}

  set faults(rates: FaultRates) {
    this.rates = rates;
  }

  get faults(): FaultRates {
    return this.rates;
  }

  /** From now on no call gets through. */
  cut(): void {
    this.isCut = true;
  }

  /** How long something takes on its way. */
  latency(): number {
    const { latencyMs, slow, slowMs } = this.rates;
    return this.chance.between(0, this.chance.happens(slow) ? slowMs : latencyMs);
  }

  /** Carries a call of a process to the store and its answer back. */
  async call<T>(
    process: SimulatedProcess,
    name: string,
    effect: () => Promise<T>,
    failures: Failures = unavailable,
  ): Promise<T> {
    if (this.isCut) throw unavailable.before();
    if (process.isDead) return process.never();
    const { before, after, end } = this.plan();
    this.trace.call(process.name, name, end === 'answer' ? '' : end);
    if (before > 0) await this.clock.pass(before);
    // What was under way when its process died may still arrive, or not.
    if (process.isDead && this.chance.happens(0.5)) return process.never();
    if (end === 'hang-before' || end === 'fail-before') return this.end(process, end, failures);
    const answer = effect();
    if (end !== 'answer') answer.catch(() => undefined);
    if (end === 'hang-after') return this.end(process, end, failures);
    try {
      return await answer;
    } finally {
      if (after > 0) await this.clock.pass(after);
      await process.gate();
      // An answer that is lost hides an error as well as a success.
      if (end === 'fail-after') await this.end(process, end, failures);
    }
  }

  /** Carries a notice to a process; it may get lost. */
  notify(process: SimulatedProcess, task: () => void): void {
    if (this.chance.happens(this.rates.lostNotice)) return;
    this.clock.after(this.latency(), () => process.whenRunning(task));
  }

  private async end(process: SimulatedProcess, end: Plan['end'], failures: Failures): Promise<never> {
    if (end === 'hang-before' || end === 'hang-after') {
      process.isHung = true;
      return process.never();
    }
    await process.gate();
    throw end === 'fail-after' ? failures.after() : failures.before();
  }

  private plan(): Plan {
    const { failBefore, failAfter, hang } = this.rates;
    const isThere = this.chance.happens(0.5);
    const way = this.latency();
    const lot = this.chance.number();
    const end =
      lot < failBefore
        ? 'fail-before'
        : lot < failBefore + failAfter
          ? 'fail-after'
          : lot < failBefore + failAfter + hang
            ? isThere
              ? 'hang-before'
              : 'hang-after'
            : 'answer';
    // One wait a call is enough to let others come between; which side of the effect it lies on is chance.
    return { before: isThere ? way : 0, after: isThere ? 0 : way, end };
  }
}
