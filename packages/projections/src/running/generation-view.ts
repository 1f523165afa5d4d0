import type { GenerationFailure, StoreTime } from '@nestfold/core';
import type { EngineContext } from './engine-context.js';
import { RunnerView, type RunnerState, type Trouble } from './runner-view.js';

/** How this process gets on with one generation: what its partitions come to. */
export class GenerationView {
  readonly partitions: readonly RunnerView[];
  /** Before there is something for the partitions to do. */
  readonly loading: RunnerView;
  /** How the taking of partitions goes, before there is one to feed. */
  readonly claims: RunnerView;
  /** What is wrong with it though it is fed. */
  complaint: GenerationFailure | undefined;
  private isStopped = false;

  constructor(context: EngineContext, partitions: number) {
    this.loading = new RunnerView(context);
    this.claims = new RunnerView(context);
    this.partitions = Array.from({ length: partitions }, () => new RunnerView(context));
  }

  /** `feeding` when it feeds any partition. */
  get state(): RunnerState {
    if (this.isStopped) return 'stopped';
    const states = this.all.map(({ state }) => state);
    return states.find((one) => one === 'newer-build') ?? states.find((one) => one === 'feeding') ?? 'waiting';
  }

  private get all(): readonly RunnerView[] {
    return [...this.partitions, this.loading];
  }

  /** The partitions that this process feeds. */
  get held(): number[] {
    return this.partitions.flatMap(({ state }, partition) => (state === 'feeding' ? [partition] : []));
  }

  /** Up to where everything of a partition is applied, while this process feeds it. */
  timeOf(partition: number): StoreTime | undefined {
    return this.partitions[partition]?.time;
  }

  /** Messages of its topic that a partition has still to take, while this process feeds it. */
  behindOf(partition: number): number | undefined {
    return this.partitions[partition]?.behind;
  }

  /** Events a second, of the partitions that this process feeds. */
  get rate(): number {
    return this.all.reduce((sum, { rate }) => sum + rate, 0);
  }

  /** What is being tried again, the longest first. */
  get retrying(): Trouble | undefined {
    return oldest([...this.all, this.claims].map(({ retrying }) => retrying));
  }

  /** What keeps a partition from moving; who feeds some does not stand still while it cannot look whether there are more. */
  get trouble(): Trouble | undefined {
    const views = this.held.length > 0 ? this.all : [...this.all, this.claims];
    return oldest(views.map(({ trouble }) => trouble));
  }

  /** Which partitions wait for a newer build than this one; of the others, save its own, one may have come. */
  await(waiting: readonly number[], own: readonly number[]): void {
    for (const [partition, view] of this.partitions.entries()) {
      if (own.includes(partition)) continue;
      if (waiting.includes(partition)) view.become('newer-build');
      else if (view.state === 'newer-build') view.become('waiting');
    }
  }

  /** Which partitions other processes feed: what failed here before is over. */
  leave(elsewhere: readonly number[]): void {
    for (const partition of elsewhere) this.partitions[partition]?.leave();
  }

  /** Nothing is tried any more, until somebody says so: what failed before is nobody's trouble. */
  rest(): void {
    for (const view of this.all) view.leave();
  }

  /** Whether the generation is stopped by an event that cannot be applied. */
  stop(isStopped: boolean): void {
    this.isStopped = isStopped;
  }
}

function oldest(troubles: readonly (Trouble | undefined)[]): Trouble | undefined {
  return troubles.reduce(
    (worst, one) => (one !== undefined && (worst === undefined || one.since < worst.since) ? one : worst),
    undefined,
  );
}
