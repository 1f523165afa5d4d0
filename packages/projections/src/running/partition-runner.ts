import {
  hasReached,
  isEventFromNewerBuild,
  isNotFound,
  type Generation,
  type GenerationFailure,
  type ProgressPart,
  type StoreTime,
  type StreamName,
  type StreamRebuild,
} from '@nestfold/core';
import { partitionOf } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import type { ProjectionFold } from '../fold/projection-fold.js';
import { isLateCommit } from '../following/following.errors.js';
import { isCatchingUp } from '../following/store-clock.js';
import { LoadControl } from '../loading/load-control.js';
import { loadedPosition } from '../loading/load-place.js';
import { throttledLimits } from '../loading/throttled-limits.js';
import { PartitionParking } from '../parking/partition-parking.js';
import { BuildProgress } from '../rebuilding/build-progress.js';
import type { TopicFeeding } from '../topics/topic-feeding.js';
import type { EngineContext } from './engine-context.js';
import { needOf } from './event-needs.js';
import { failureOf, Insurmountable, isForGood, mayPassYet } from './failure.js';
import { Feeding } from './feeding.js';
import { PartitionLost, type HeldPartition } from './held-partition.js';
import { partitionKey, slicesOf } from './keys.js';
import { isCancelled } from './is-cancelled.js';
import type { AskedRebuilds } from './owner-requests.js';
import type { ReadModelIndexes } from './read-model-indexes.js';
import { endOf, type ReadyBatch } from './ready-batch.js';
import type { RunnerView } from './runner-view.js';
import { assertSameStore } from './same-store.js';
import { heard } from './until-aborted.js';

/** What the partitions of a generation share in one process. */
export interface PartitionHost {
  readonly definition: ProjectionDefinition;
  /** As it was last seen. */
  readonly generation: Generation;
  /** Where it is fed from, if not from the store. */
  readonly topic: TopicFeeding | undefined;
  /** As it is stored; `undefined` when it has ended. */
  fresh(): Promise<Generation | undefined>;
  /** What documents are folded into, collections and indexes of the live ones made. */
  prepare(): Promise<{ readonly fold: ProjectionFold; readonly indexes: ReadModelIndexes }>;
  /** What came before; see `LoadRunner.watched`. */
  readonly loading: { readonly watched: StoreTime | undefined };
  /** A batch is applied: a swap may be due. */
  moved(): void;
  /** What was built from a history with a hole is worth nothing. */
  beginAgain(reason: string): Promise<void>;
  /** Stops the generation. */
  fail(held: HeldPartition, failure: GenerationFailure): Promise<void>;
}

/** How the holding of a partition ended: `released` when asked to or when nothing is to be fed, `lost` to another owner. */
export type PartitionEnd =
  | { readonly kind: 'released' | 'lost' | 'newer-build' }
  | { readonly kind: 'interrupted'; readonly error: unknown; readonly moved: boolean };

/** Between two sweeps of old watermarks: after each batch would be too often. */
const SWEEP_MS = 60_000;
/** However many partitions there are, a batch may be so large. */
const LEAST = 500;

/** Feeds one partition from the moment at which its lease was got until it is given back or lost. Never throws. */
export class PartitionRunner {
  /** Settles when the lease is given back. */
  readonly ended: Promise<PartitionEnd>;
  private readonly stopping = new AbortController();
  private readonly progress: BuildProgress;
  private readonly control: LoadControl;
  /** What this build lacks to go on. */
  private needs: string | undefined;
  private sweptAt: number;

  constructor(
    private readonly context: EngineContext,
    private readonly host: PartitionHost,
    readonly partition: number,
    private readonly held: HeldPartition,
    readonly view: RunnerView,
  ) {
    this.sweptAt = context.environment.now();
    this.control = new LoadControl(context.environment);
    this.progress = new BuildProgress(context, host.generation, `${partition}`);
    this.ended = this.run();
  }

  /** What this partition adds to the progress of a build. */
  get part(): ProgressPart {
    return this.progress.part;
  }

  /** Ends the batch in flight, saves, frees the lease. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  private async run(): Promise<PartitionEnd> {
    const begun = this.held.stored.batch;
    try {
      return { kind: await this.hold() };
    } catch (error) {
      // A generation that is gone was ended by another process: the supervisor will stop this runner.
      if (error instanceof PartitionLost || isNotFound(error)) return { kind: 'lost' };
      const { id } = this.host.generation;
      this.view.retry(id, error);
      this.context.logger.warn('Feeding a projection was interrupted and begins again.', {
        generation: id,
        partition: this.partition,
        error: String(error),
      });
      return { kind: 'interrupted', error, moved: this.held.stored.batch !== begun };
    } finally {
      if (this.view.state === 'feeding') this.view.become('waiting');
      // Nobody tells them from here on: they look for themselves.
      this.context.waiters.wake();
      await this.held.release(this.needs);
    }
  }

  private async hold(): Promise<'released' | 'newer-build'> {
    // At once, for until the first batch the partition stands still.
    const { last, position = loadedPosition(this.host.generation) } = this.held.stored;
    // What came by a topic may be another store's: its epoch tells there.
    const isOwn = this.host.topic === undefined;
    const read = isOwn ? { ...(last && { last }), ...(position && { position }) } : {};
    const asking = heard(assertSameStore(this.context.connection.feed, read));
    const parking = this.parkingOf(this.host.generation);
    parking.begin();
    const generation = await this.host.fresh();
    // Claiming the checkpoint of a generation that has ended made it anew.
    if (generation === undefined) await this.context.connection.checkpoints.remove(this.held.key);
    if (generation === undefined || generation.state === 'failed' || isCancelled(generation)) return 'released';
    try {
      await asking;
      await this.feed(generation, parking);
    } catch (error) {
      if (isEventFromNewerBuild(error)) {
        this.view.become('newer-build');
        this.needs = needOf(error);
        const { id } = generation;
        this.context.logger.warn('A projection waits for a newer build.', { generation: id, error: error.message });
        return 'newer-build';
      }
      const end =
        error instanceof Insurmountable ? error : isForGood(error) ? new Insurmountable(error, undefined) : undefined;
      if (end === undefined) throw error;
      if (mayPassYet(end)) throw end.cause;
      // Looked up anew: it may have been swapped in since, and what is live only stops.
      if (isLateCommit(end.cause) && (await this.host.fresh())?.state === 'building')
        await this.host.beginAgain(end.cause.message);
      else await this.host.fail(this.held, failureOf(end, new Date(this.context.environment.now())));
    }
    return 'released';
  }

  private parkingOf(generation: Generation): PartitionParking {
    const { name, onPoison } = this.host.definition;
    const keyOf = (stream: StreamName): string => partitionKey(generation, partitionOf(stream, generation.partitions));
    return new PartitionParking(this.context, { consumer: generation.id, name, onPoison, keyOf });
  }

  private async feed(generation: Generation, parking: PartitionParking): Promise<void> {
    const { context, host, held, partition } = this;
    const { fold, indexes } = await host.prepare();
    this.view.begin(undefined);
    const slices = slicesOf(generation, partition);
    const { topic } = host;
    const start = topic === undefined ? loadedPosition(generation) : undefined;
    const feeding = new Feeding(
      sharing(context, generation.partitions),
      held,
      AbortSignal.any([this.stopping.signal, held.signal]),
      {
        fold,
        types: host.definition.events.map(({ name }) => name),
        ...(slices && { slices }),
        ...(start && { start, watched: (began) => (began === start.began ? host.loading.watched : undefined) }),
        parking,
        ...(topic && { source: (stored, atEnd) => topic.source(partition, stored, this.view, atEnd) }),
        ...(generation.slicing === 'stream' && !fold.isPlain && topic === undefined && { rebuilds: this.rebuilds }),
        // What a crash has left unsaid in plain mode is there all the same.
        bounds: throttledLimits(context.settings, () => this.throttle),
        remembers: () => host.generation.state === 'building' && !fold.isPlain,
        beforeLive: () => indexes.buildAll(),
        beforeBatch: (batch) => indexes.buildFor(batch.fold.matches),
        afterBatch: (batch, save) => this.afterBatch(batch, save),
        onBegin: (time) => this.view.begin(time),
        onMove: (time, isApplied) => this.view.moved(time, isApplied),
        onRetry: (error) => this.view.retry(generation.id, error),
      },
    );
    try {
      await feeding.run();
    } finally {
      // Another owner may have counted on.
      if (!held.signal.aborted) await this.progress.flush().catch(() => undefined);
    }
  }

  /** Answers true when the generation is not to be fed any more. */
  private async afterBatch(batch: ReadyBatch, save: () => Promise<void>): Promise<boolean> {
    const { generation } = this.host;
    this.context.waiters.tell(generation.id, batch.deliveries);
    this.view.count(batch.fold.events);
    await this.sweepWatermarks();
    await this.progress.add(batch.read, this.view.rate);
    if (isCancelled(generation)) return true;
    await this.throttled(batch);
    if (generation.state !== 'building') this.progress.end();
    const { position } = endOf(batch);
    const { swap } = generation;
    if (swap !== undefined && hasReached(position, swap.target) && !hasReached(this.held.stored.position, swap.target))
      await save();
    this.host.moved();
    return false;
  }

  private get rebuilds(): AskedRebuilds {
    const { host, partition } = this;
    const done = new Set<string>();
    const isPending = ({ id, state, stream }: StreamRebuild): boolean =>
      state === 'requested' && !done.has(id) && partitionOf(stream, host.generation.partitions) === partition;
    return {
      generation: host.generation,
      pending: () => (host.generation.state === 'live' ? (host.generation.streamRebuilds ?? []).filter(isPending) : []),
      done: ({ id }) => done.add(id),
    };
  }

  /** Events a second that this partition may take of a build's history. */
  private get throttle(): number | undefined {
    const { state, throttle, partitions } = this.host.generation;
    return state === 'building' && throttle !== undefined ? throttle / partitions : undefined;
  }

  /** The feed is not held back: it could not catch up then, and what is live comes no faster than it was appended. */
  private async throttled(batch: ReadyBatch): Promise<void> {
    const { throttle } = this;
    this.control.set({ paused: false, ...(throttle !== undefined && { throttle }) });
    const { position } = endOf(batch);
    if (throttle === undefined || !isCatchingUp(position)) return;
    await this.control.admit(batch.fold.events, AbortSignal.any([this.stopping.signal, this.held.signal]));
  }

  private async sweepWatermarks(): Promise<void> {
    const { key, stored } = this.held;
    const now = this.context.environment.now();
    if (stored.floor === undefined || now - this.sweptAt < SWEEP_MS) return;
    this.sweptAt = now;
    await this.context.connection.checkpoints.sweep(key, stored.floor);
  }
}

/** Several partitions of a process hold batches in memory at once: together no more than one would alone. */
function sharing(context: EngineContext, partitions: number): EngineContext {
  const { settings } = context;
  const part = (whole: number): number => Math.max(Math.min(whole, LEAST), Math.ceil(whole / partitions));
  return {
    ...context,
    settings: {
      ...settings,
      liveEvents: part(settings.liveEvents),
      historyEvents: part(settings.historyEvents),
      historyDocuments: part(settings.historyDocuments),
      batchBytes: Math.ceil(settings.batchBytes / partitions),
    },
  };
}
