import {
  isEventFromNewerBuild,
  StoreUnavailable,
  type Generation,
  type LoadPlan,
  type StoreTime,
} from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import { Backoff } from '../running/backoff.js';
import type { EngineContext } from '../running/engine-context.js';
import { failureOf, Insurmountable, isForGood, isTransient } from '../running/failure.js';
import { HeldPartition, PartitionLost } from '../running/held-partition.js';
import { ReadModelIndexes } from '../running/read-model-indexes.js';
import { heard, untilAborted } from '../running/until-aborted.js';
import { executorsFor, type Slot } from './executors.js';
import type { LoadPace } from './load-control.js';
import { loadKeys, rangeKey } from './load-place.js';
import { planned } from './load-planning.js';
import { LoadProgress } from './load-progress.js';
import { isLoadThreadFailed } from './load-thread.errors.js';
import { LoadWatch } from './load-watch.js';
import { RangeQueue } from './range-queue.js';

const TICK_MS = 100;

/** Who hears of a load. */
export interface LoadHooks {
  /** After each batch: so many events were applied. */
  readonly onBatch: (events: number) => void;
  readonly onRetry: (error: unknown) => void;
}

/**
 * Loads a generation stream by stream, together with all other processes that do so at the same time: each takes the next range that nobody holds. The
 * last one builds the indexes and says that the load is done; then the generation's partitions go on from the plan's horizon.
 */
export class LoadRunner {
  private ranges = new RangeQueue([]);
  private progress: LoadProgress | undefined;
  private slots: readonly Slot[] = [];
  private processes = 1;
  private isOver = false;
  private watch: LoadWatch | undefined;

  constructor(
    private readonly context: EngineContext,
    private readonly definition: ProjectionDefinition,
    private generation: Generation,
    private readonly hooks: LoadHooks,
  ) {}

  /** Up to where it has looked for commits that became visible too late for the load, and found none. */
  get watched(): StoreTime | undefined {
    return this.watch?.clearTo;
  }

  /** Tells of what another process, or an operator, may have changed. */
  update(generation: Generation): void {
    this.generation = generation;
    const { load, state, cancelRequested } = generation;
    this.isOver = state !== 'building' || cancelRequested === true || load?.done === true;
    if (load !== undefined) {
      this.ranges.learn(load.ranges);
      this.progress?.learn(load.ranges);
    }
    this.pace();
  }

  /**
   * Runs until the load is done, by whomever, or the generation is not to be loaded any more, or the signal aborts. An event that stops the projection is
   * noted in the generation by its loader. Throws `LateCommit` (what was loaded has a hole: begin again), `EventFromNewerBuild`, and what the store refuses
   * for reasons of its own: the same again may succeed.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { connection } = this.context;
    this.update(await planned(this.context, this.generation));
    const plan = this.generation.load;
    if (plan === undefined || this.isOver) return;
    for (const collection of Object.values(this.generation.collections)) await connection.readModels.create(collection);
    this.ranges = new RangeQueue(plan.ranges);
    this.progress = new LoadProgress(this.context, this.generation, plan.ranges);
    await this.countProcesses();
    // Nothing may fail between this and the `try` that closes it.
    const watch = new LoadWatch(this.context, plan);
    this.watch = watch;
    const over = new AbortController();
    const stop = AbortSignal.any([signal, over.signal]);
    this.slots = executorsFor(this.context, this.definition, this.generation, {
      onBatch: (range, commits, events) => {
        this.progress?.add(range, commits, events);
        this.hooks.onBatch(events);
      },
      onRetry: this.hooks.onRetry,
    });
    this.pace();
    const work = heard(Promise.all(this.slots.map((slot) => this.work(slot, stop))));
    let isDone = false;
    try {
      await this.attend(work, watch, stop);
      if (!stop.aborted && !this.isOver && this.ranges.areDone) await this.finish(plan, watch, stop);
      isDone = this.generation.load?.done === true;
    } finally {
      over.abort();
      await work.catch(() => undefined);
      await Promise.all(this.slots.map(({ executor }) => executor.close()));
      if (!isDone) await this.close();
      this.slots = [];
    }
  }

  /** Ends the look for late commits, which goes on behind a load that is done: the partitions begin on the feed where it has come to. */
  async close(): Promise<void> {
    await this.watch?.close();
  }

  /** Until the work ends: looks for late commits, reports, and looks at what others have done. */
  private async attend(work: Promise<unknown>, watch: LoadWatch, signal: AbortSignal): Promise<void> {
    const { environment, settings } = this.context;
    let ended = false;
    const end = work.finally(() => (ended = true));
    void heard(end);
    let lookedAt = environment.now();
    while (!ended && !signal.aborted && !this.isOver) {
      await Promise.race([end, environment.sleep(TICK_MS, signal)]);
      watch.check();
      await this.progress?.report('due');
      if (environment.now() - lookedAt < settings.leasePollMs) continue;
      lookedAt = environment.now();
      await this.look();
    }
    // What the work failed with is not to be lost where both end at once.
    if (ended) await work;
  }

  private async work(slot: Slot, signal: AbortSignal): Promise<void> {
    const { environment, settings } = this.context;
    const backoff = new Backoff(environment, settings.backoffMs, settings.backoffMaxMs);
    while (!signal.aborted && !this.isOver && !this.ranges.areDone) {
      const range = this.ranges.take(environment.now(), settings.leasePollMs);
      if (range === undefined) {
        await environment.sleep(settings.leasePollMs * (0.5 + 0.5 * environment.random()), signal);
        await this.look();
        continue;
      }
      try {
        const outcome = await slot.executor.load(range, signal);
        this.ranges.put(range, outcome, environment.now());
        if (outcome === 'over') await this.look();
        backoff.reset();
      } catch (error) {
        this.ranges.put(range, 'stopped', environment.now());
        if (signal.aborted) return;
        if (isLoadThreadFailed(error)) await this.afterThreadFailure(slot, range, error);
        else if (!(error instanceof PartitionLost) && !isTransient(error)) throw error;
        if (isEventFromNewerBuild(error)) throw error;
        this.hooks.onRetry(error);
        await backoff.pause(signal);
      }
    }
  }

  /** A thread that dies again and again over one range would for ever: then the projection stops, as it does for an event. */
  private async afterThreadFailure(slot: Slot, range: number, error: Error): Promise<void> {
    if (this.ranges.failed(range) >= this.context.settings.attempts) await this.fail(slot, range, error);
  }

  /** Stops the projection, unless somebody else has the range, who may get past what this process could not. */
  private async fail(slot: Slot, range: number, error: unknown): Promise<void> {
    const { connection, environment, logger } = this.context;
    const { id } = this.generation;
    const held = await HeldPartition.take(this.context, rangeKey(this.generation, range), slot.owner);
    if (held === undefined) return;
    try {
      const failure = failureOf(new Insurmountable(error, undefined), new Date(environment.now()));
      if (await connection.generations.fail(id, failure, { key: held.key, token: held.token }))
        logger.error('A projection has stopped.', { generation: id, ...failure, at: failure.at.toISOString() });
    } finally {
      await held.release();
    }
    await this.look();
  }

  private pace(): void {
    const loaders = this.slots.length * this.processes;
    for (const { executor } of this.slots) executor.pace(paceOf(this.generation, loaders));
  }

  /** All that load share a throttle. */
  private async countProcesses(): Promise<void> {
    const { projection, version, throttle } = this.generation;
    if (throttle !== undefined) this.processes = await this.context.nodes.feedersOf(projection, version);
  }

  private async look(): Promise<void> {
    await this.countProcesses();
    const generation = await this.context.connection.generations.generation(this.generation.id);
    if (generation === undefined) this.isOver = true;
    else this.update(generation);
  }

  /** Every process that finds all ranges done does this: it is harmless when repeated, and one of them may die in it. */
  private async finish(plan: LoadPlan, watch: LoadWatch, signal: AbortSignal): Promise<void> {
    const { connection, logger } = this.context;
    const { id, collections } = this.generation;
    try {
      await new ReadModelIndexes(connection.readModels, this.definition, collections).buildAll();
    } catch (error) {
      // What is loaded can never be indexed so. `!`: there is a slot at least.
      if (isForGood(error)) await this.fail(this.slots[0]!, 0, error);
      if (!this.isOver) throw error;
      return;
    }
    while (!(await untilAborted(watch.passes(), signal))) {
      if (signal.aborted) return;
      this.hooks.onRetry(
        watch.failsWith ?? new StoreUnavailable('The feed does not bring what was appended meanwhile.'),
      );
    }
    await this.progress?.report('end');
    if (!(await connection.generations.endLoad(id))) return;
    // Whoever still believes to hold a range finds no checkpoint to move: that fences as a higher token does.
    for (const key of loadKeys({ id, load: plan })) await connection.checkpoints.remove(key);
    await this.look();
    logger.info('A generation is loaded.', { generation: id });
  }
}

/** What an operator asks of one of so many who load at once. */
function paceOf({ paused, throttle }: Generation, loaders: number): LoadPace {
  return { paused: paused === true, ...(throttle !== undefined && { throttle: throttle / loaders }) };
}
