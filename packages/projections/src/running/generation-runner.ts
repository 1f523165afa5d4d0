import {
  isEventFromNewerBuild,
  isNotFound,
  secondsOf,
  type Generation,
  type GenerationFailure,
  type StoreTime,
} from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import { ProjectionFold } from '../fold/projection-fold.js';
import { isLateCommit } from '../following/following.errors.js';
import { discard } from '../rebuilding/discard.js';
import { SwapIn } from '../rebuilding/swap-in.js';
import { BuildProgress } from '../rebuilding/build-progress.js';
import { Backoff } from './backoff.js';
import type { EngineContext } from './engine-context.js';
import { failureOf, Insurmountable, isForGood } from './failure.js';
import { Feeding } from './feeding.js';
import { HeldPartition, PartitionLost } from './held-partition.js';
import { partitionKey } from './keys.js';
import { ReadModelIndexes } from './read-model-indexes.js';
import { endOf, type ReadyBatch } from './ready-batch.js';
import { RunnerView } from './runner-view.js';
import { assertSameStore } from './same-store.js';

/** A build that is no further behind has caught up. */
const NEAR_SECONDS = 1;
const LOOK_MS = 20;
/** A batch between two watermark sweeps would be too often, a day too seldom. */
const SWEEP_MS = 60_000;

/**
 * Feeds one generation from this process, whenever it can get the lease: builds it, swaps it in, keeps it up to date, or takes it away when
 * its build is cancelled. Restarts by itself after everything but an event that cannot be applied.
 */
export class GenerationRunner {
  private readonly stopping = new AbortController();
  private readonly owner: string;
  /** What others may see of it. */
  readonly view: RunnerView;
  private running: Promise<void> | undefined;
  private changed = new AbortController();
  private sweptAt: number;
  private lookedAt = 0;

  constructor(
    private readonly context: EngineContext,
    private readonly definition: ProjectionDefinition,
    private generation: Generation,
  ) {
    this.owner = context.environment.uuid();
    this.view = new RunnerView(context);
    this.sweptAt = context.environment.now();
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Ends the batch in flight, frees the lease. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.changed.abort();
    await this.running;
  }

  /** Tells of what another process, or an operator, may have changed. */
  update(generation: Generation): void {
    this.generation = generation;
    this.changed.abort();
    this.changed = new AbortController();
  }

  private async run(): Promise<void> {
    const { environment, settings, logger } = this.context;
    const backoff = new Backoff(environment, settings.backoffMs, settings.backoffMaxMs);
    while (!this.stopping.signal.aborted) {
      try {
        await this.attempt();
        backoff.reset();
      } catch (error) {
        // A generation that is gone was ended by another process: the supervisor will stop this runner.
        if (!(error instanceof PartitionLost) && !isNotFound(error)) {
          this.view.retry(this.generation.id, error);
          logger.warn('Feeding a projection was interrupted and begins again.', {
            generation: this.generation.id,
            error: String(error),
          });
        }
        await backoff.pause(this.stopping.signal);
      }
    }
    this.view.become('waiting');
  }

  private async attempt(): Promise<void> {
    const { settings } = this.context;
    if (this.generation.state === 'failed' && this.generation.cancelRequested !== true) {
      this.view.become('stopped');
      return this.rest(settings.heartbeatMs);
    }
    const held = await HeldPartition.take(this.context, partitionKey(this.generation), this.owner);
    if (held === undefined) {
      this.view.become('waiting');
      return this.rest(settings.leasePollMs);
    }
    try {
      await this.hold(held);
    } finally {
      await held.release();
    }
  }

  private async hold(held: HeldPartition): Promise<void> {
    const generation = await this.fresh();
    // Claiming the checkpoint of a generation that has ended made it anew.
    if (generation === undefined) return this.context.connection.checkpoints.remove(held.key);
    if (generation.state === 'failed' && generation.cancelRequested !== true) return;
    const { logger, settings } = this.context;
    try {
      await this.feed(held, generation);
    } catch (error) {
      if (isEventFromNewerBuild(error)) {
        this.view.become('newer-build');
        logger.warn('A projection waits for a newer build.', { generation: generation.id, error: error.message });
        await held.release();
        return this.rest(settings.heartbeatMs);
      }
      const end =
        error instanceof Insurmountable ? error : isForGood(error) ? new Insurmountable(error, undefined) : undefined;
      if (end === undefined) throw error;
      // Looked up anew: it may have been swapped in since, and what is live only stops.
      if (isLateCommit(end.cause) && (await this.fresh())?.state === 'building')
        return this.beginAgain(end.cause.message);
      await this.fail(failureOf(end, new Date(this.context.environment.now())));
    }
  }

  private async feed(held: HeldPartition, generation: Generation): Promise<void> {
    const { connection } = this.context;
    if (generation.cancelRequested === true && generation.state !== 'live') return this.cancel();
    const fold = new ProjectionFold(this.definition, this.context.types, generation.collections);
    const indexes = new ReadModelIndexes(connection.readModels, this.definition, generation.collections);
    for (const collection of Object.values(generation.collections)) await connection.readModels.create(collection);
    if (generation.state === 'live') await indexes.buildAll();
    await assertSameStore(connection.events, held.stored.last);
    const progress = new BuildProgress(this.context, generation);
    const swap =
      generation.state === 'building'
        ? new SwapIn(this.context, held, generation, this.context.environment.uuid())
        : undefined;
    this.view.moved(undefined);
    const signal = AbortSignal.any([this.stopping.signal, held.signal]);
    const feeding = new Feeding(this.context, held, signal, {
      fold,
      types: this.definition.events.map(({ name }) => name),
      remembers: () => this.generation.state === 'building',
      beforeLive: () => indexes.buildAll(),
      beforeBatch: (batch) => indexes.buildFor(batch.fold.matches),
      afterBatch: (batch, save) => this.afterBatch(held, batch, save, progress, swap),
      onMove: (time) => this.view.moved(time),
      onRetry: (error) => this.view.retry(generation.id, error),
    });
    try {
      await feeding.run();
    } finally {
      await swap?.handBack().catch(() => undefined);
    }
  }

  /** Answers true when the generation is not to be fed any more. */
  private async afterBatch(
    held: HeldPartition,
    batch: ReadyBatch,
    save: () => Promise<void>,
    progress: BuildProgress,
    swap: SwapIn | undefined,
  ): Promise<boolean> {
    this.view.count(batch.fold.events);
    if (this.generation.cancelRequested === true && this.generation.state === 'building') {
      await this.cancel();
      return true;
    }
    await this.sweepWatermarks(held);
    await progress.add(batch.read, this.view.rate);
    const { position } = endOf(batch);
    if (swap === undefined || this.generation.state !== 'building' || position.phase !== 'live') return false;
    if (position.feed === undefined || !(await this.isCaughtUp(position.feed.time))) return false;
    if (!(await swap.step(position, save))) return false;
    this.generation = (await this.fresh()) ?? this.generation;
    await progress.end();
    this.context.logger.info('A generation is live.', {
      generation: this.generation.id,
      startedBy: this.generation.startedBy,
    });
    return false;
  }

  /** Near enough for the rest to be read while the live generation is held. Asked now and then only. */
  private async isCaughtUp(time: StoreTime): Promise<boolean> {
    const now = this.context.environment.now();
    if (now - this.lookedAt < LOOK_MS) return false;
    this.lookedAt = now;
    return secondsOf(await this.context.connection.feed.now()) - secondsOf(time) <= NEAR_SECONDS;
  }

  private async sweepWatermarks({ key, stored }: HeldPartition): Promise<void> {
    const now = this.context.environment.now();
    if (stored.floor === undefined || now - this.sweptAt < SWEEP_MS) return;
    this.sweptAt = now;
    await this.context.connection.checkpoints.sweep(key, stored.floor);
  }

  private async cancel(): Promise<void> {
    const { generations } = this.context.connection;
    await discard(this.context, this.generation, this.owner, () => generations.cancel(this.generation.id));
    this.generation = (await this.fresh()) ?? this.generation;
    this.context.logger.info('A build was cancelled.', { generation: this.generation.id });
  }

  /** What was built from a history with a hole is worth nothing. */
  private async beginAgain(reason: string): Promise<void> {
    const { projection, version, partitions, epoch, startedBy } = this.generation;
    this.context.logger.warn('A build begins again.', { generation: this.generation.id, reason });
    await this.cancel();
    const readModels = this.definition.readModels.map(({ name }) => name);
    await this.context.connection.generations.begin({ projection, version, readModels, partitions, epoch, startedBy });
  }

  private async fail(failure: GenerationFailure): Promise<void> {
    this.context.logger.error('A projection has stopped.', {
      generation: this.generation.id,
      ...failure,
      at: failure.at.toISOString(),
    });
    await this.context.connection.generations.fail(this.generation.id, failure);
    this.generation = { ...this.generation, state: 'failed', failure };
    this.view.become('stopped');
  }

  private async fresh(): Promise<Generation | undefined> {
    const generation = await this.context.connection.generations.generation(this.generation.id);
    if (generation !== undefined) this.generation = generation;
    const isOver = generation === undefined || generation.state === 'cancelled' || generation.state === 'retired';
    if (isOver) this.stopping.abort();
    return isOver ? undefined : generation;
  }

  private rest(milliseconds: number): Promise<void> {
    const { environment } = this.context;
    // Half of it is chance, so that processes do not ask together.
    return environment.sleep(
      milliseconds * (0.5 + 0.5 * environment.random()),
      AbortSignal.any([this.stopping.signal, this.changed.signal]),
    );
  }
}
