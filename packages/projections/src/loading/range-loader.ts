import { isEventFromNewerBuild, partitionOf, type Generation, type LoadPlan, type LoadRange } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import { ProjectionFold } from '../fold/projection-fold.js';
import { PartitionParking } from '../parking/partition-parking.js';
import type { EngineContext } from '../running/engine-context.js';
import { knownSchemas, needOf } from '../running/event-needs.js';
import { failureOf, Insurmountable, isForGood, mayPassYet } from '../running/failure.js';
import { Feeding } from '../running/feeding.js';
import { HeldPartition } from '../running/held-partition.js';
import { partitionKey } from '../running/keys.js';
import type { ReadyBatch } from '../running/ready-batch.js';
import { assertSameStore } from '../running/same-store.js';
import type { LoadControl } from './load-control.js';
import { isRangeDone, loadingPosition, rangeKey } from './load-place.js';
import { throttledLimits } from './throttled-limits.js';
import { RangeMemory } from './range-memory.js';
import { RangeSource } from './range-source.js';

/**
 * How an attempt at a range ended: `done`; `elsewhere` (another owner holds it); `over` (the generation is not to be loaded any more: it has failed,
 * is being cancelled, or has ended); `stopped` (by the signal).
 */
export type RangeOutcome = 'done' | 'elsewhere' | 'over' | 'stopped';

/** Events of a batch: a larger one gains nothing, since each document is fed by one stream, and costs memory in every thread. */
const BATCH_EVENTS = 5_000;

/** Who hears of a range. */
export interface RangeHooks {
  /** After each batch: what it read and applied. */
  readonly onBatch: (range: number, commits: number, events: number) => void;
  readonly onRetry: (error: unknown) => void;
}

/**
 * Loads ranges of a generation, one at a time: under a lease of its own, in batches that move the range's checkpoint in the transaction of what they
 * write. So whatever dies or wakes up late, each batch is applied once; the next owner goes on behind the last one.
 */
export class RangeLoader {
  private readonly fold: ProjectionFold;
  private readonly types: readonly string[];
  private readonly knows: readonly string[];

  private readonly context: EngineContext;

  constructor(
    context: EngineContext,
    private readonly definition: ProjectionDefinition,
    private readonly generation: Generation,
    private readonly owner: string,
    private readonly control: LoadControl,
    private readonly hooks: RangeHooks,
  ) {
    const historyEvents = Math.min(BATCH_EVENTS, context.settings.historyEvents);
    const batchBytes = Math.ceil(context.settings.batchBytes / Math.max(1, context.settings.loadThreads));
    this.context = { ...context, settings: { ...context.settings, historyEvents, batchBytes } };
    this.fold = new ProjectionFold(definition, context.types, generation.collections, generation.slicing);
    this.types = definition.events.map(({ name }) => name);
    this.knows = knownSchemas(definition.events);
  }

  /**
   * Throws `PartitionLost`, `EventFromNewerBuild`, and what the store refuses for reasons of its own, which is worth another try; an event that stops the
   * projection is noted in the generation (`over`).
   */
  async load(index: number, signal: AbortSignal): Promise<RangeOutcome> {
    const held = await HeldPartition.take(this.context, rangeKey(this.generation, index), this.owner, this.knows);
    if (held === undefined) return 'elsewhere';
    let needs: string | undefined;
    try {
      return await this.hold(held, index, signal);
    } catch (error) {
      if (isEventFromNewerBuild(error)) needs = needOf(error);
      throw error;
    } finally {
      await held.release(needs);
    }
  }

  private async hold(held: HeldPartition, index: number, signal: AbortSignal): Promise<RangeOutcome> {
    const { connection, environment, logger } = this.context;
    const { generations, checkpoints } = connection;
    const generation = await generations.generation(this.generation.id);
    const load = generation?.load;
    const range = load?.ranges[index];
    if (generation?.state !== 'building' || load === undefined || range === undefined || load.done) {
      // Claiming the checkpoint of a load that has ended made it anew.
      if (generation?.state !== 'failed') await checkpoints.remove(held.key);
      return 'over';
    }
    if (generation.cancelRequested === true) return 'over';
    if (range.done) return 'done';
    try {
      if (!isRangeDone(held.stored.position)) await this.feed(held, load, range, index, signal);
    } catch (error) {
      const end =
        error instanceof Insurmountable ? error : isForGood(error) ? new Insurmountable(error, undefined) : undefined;
      if (isEventFromNewerBuild(error) || end === undefined) throw error;
      if (mayPassYet(end)) throw end.cause;
      const failure = failureOf(end, new Date(environment.now()));
      const isMine = await generations.fail(generation.id, failure, { key: held.key, token: held.token });
      if (isMine)
        logger.error('A projection has stopped.', {
          generation: generation.id,
          ...failure,
          at: failure.at.toISOString(),
        });
      return 'over';
    }
    if (!isRangeDone(held.stored.position)) return 'stopped';
    // The checkpoint has said so before: whoever comes after a crash in between says it again.
    await generations.reportLoad(generation.id, index, { processed: 0, done: true });
    return 'done';
  }

  private async feed(
    held: HeldPartition,
    load: LoadPlan,
    range: LoadRange,
    index: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { feed } = this.context.connection;
    const { id, partitions } = this.generation;
    const { last, position = loadingPosition(load) } = held.stored;
    await assertSameStore(feed, { ...(last && { last }), position });
    let memory = new RangeMemory(held.stored);
    const over = AbortSignal.any([signal, held.signal]);
    const feeding = new Feeding(this.context, held, over, {
      fold: this.fold,
      types: this.types,
      parking: new PartitionParking(this.context, {
        consumer: id,
        name: this.definition.name,
        onPoison: this.definition.onPoison,
        // What is parked here is the partition's, once the load is done.
        keyOf: (stream) => partitionKey(this.generation, partitionOf(stream, partitions)),
      }),
      remembers: () => true,
      source: (stored) => {
        memory = new RangeMemory(stored);
        return new RangeSource(feed, load, range, this.types, stored);
      },
      memory: () => memory.current,
      bounds: throttledLimits(this.context.settings, () => this.control.throttle),
      beforeLive: () => Promise.resolve(),
      beforeBatch: (batch) => {
        memory.begin(batch);
        return Promise.resolve();
      },
      afterBatch: (batch) => this.afterBatch(batch, index, over),
      onBegin: () => undefined,
      onMove: () => undefined,
      onRetry: this.hooks.onRetry,
    });
    await feeding.run();
  }

  private async afterBatch(batch: ReadyBatch, index: number, signal: AbortSignal): Promise<boolean> {
    this.hooks.onBatch(index, batch.read, batch.fold.events);
    await this.control.admit(batch.fold.events, signal);
    return signal.aborted;
  }
}
