import {
  isEventFromNewerBuild,
  type Checkpoint,
  type ParkedStream,
  type Position,
  type StoreTime,
} from '@nestfold/core';
import { DocumentMemory } from '../fold/document-memory.js';
import { Follower } from '../following/follower.js';
import { beginning, timeOf } from '../following/store-clock.js';
import { storePlace } from '../following/store-place.js';
import { Backoff } from './backoff.js';
import { BatchCommitter, Superseded } from './batch-committer.js';
import { BatchPace } from './batch-pace.js';
import { BatchSource } from './batch-source.js';
import type { EngineContext } from './engine-context.js';
import { eventOf, Insurmountable, isForGood, isTransient } from './failure.js';
import type { FeedingOptions, FeedingSource } from './feeding-options.js';
import { PartitionLost, type HeldPartition } from './held-partition.js';
import { isAsked, OwnerRequests, type Requested } from './owner-requests.js';
import { endOf, parkedBy } from './ready-batch.js';
import { SaveRhythm } from './save-rhythm.js';
import { assertSameStore } from './same-store.js';
import { heard, untilAborted } from './until-aborted.js';

/** How following ended: for good, or to do what is asked, if anything, and then go on from what is stored. */
type FollowEnd = 'ended' | Requested;

/** Feeds one partition while its lease is held: follows the store, folds, writes, parks what cannot be applied. */
export class Feeding {
  private written: Promise<unknown> = Promise.resolve();
  private readonly rhythm: SaveRhythm;
  private readonly requests: OwnerRequests;

  constructor(
    private readonly context: EngineContext,
    private readonly held: HeldPartition,
    private readonly signal: AbortSignal,
    private readonly options: FeedingOptions,
  ) {
    this.rhythm = new SaveRhythm(context);
    const { fold, parking, rebuilds } = options;
    this.requests = new OwnerRequests(context, held, signal, fold, parking, rebuilds);
  }

  /**
   * Runs until the signal aborts, the source ends, or `afterBatch` ends it. Throws `PartitionLost`, `EventFromNewerBuild` (what stands before it
   * is applied) and `Insurmountable`.
   */
  async run(): Promise<void> {
    const { environment, settings } = this.context;
    const backoff = new Backoff(environment, settings.backoffMs, settings.backoffMaxMs);
    const failing = new Backoff(environment, settings.backoffMs, settings.backoffMaxMs);
    while (!this.signal.aborted) {
      const reached = this.held.stored.batch;
      try {
        const end = await this.follow();
        if (end === 'ended') return;
        await this.requests.execute(end);
      } catch (error) {
        if (error instanceof Superseded) continue;
        if (error instanceof PartitionLost || error instanceof Insurmountable || isEventFromNewerBuild(error))
          throw error;
        if (this.held.stored.batch !== reached) [backoff, failing].forEach((one) => one.reset());
        // A hole in what was read is not there any more when it is looked at again: such errors are not for trying.
        if (isForGood(error) && eventOf(error) === undefined) throw new Insurmountable(error, undefined);
        if (!isTransient(error) && failing.attempts + 1 >= settings.attempts)
          throw new Insurmountable(error, eventOf(error));
        this.options.onRetry(error);
        await (isTransient(error) ? backoff : failing).pause(this.signal);
      }
    }
  }

  /** Follows from the stored position until an error, an end, or a request. */
  private async follow(): Promise<FollowEnd> {
    const { key, stored } = this.held;
    const { fold, parking } = this.options;
    await parking.load();
    const begun = this.options.source?.(stored, () => this.beforeLive()) ?? this.follower(stored);
    // A broker may answer late, or never: nobody who stops waits for that.
    const follower = await untilAborted(Promise.resolve(begun), this.signal);
    if (follower === undefined) return 'ended';
    const { position, floor } = follower;
    const pace = new BatchPace(this.options.bounds ?? this.context.settings);
    const source = new BatchSource(follower, {
      fold,
      limits: this.options.limits ?? pace,
      held: parking,
      attempts: this.context.settings.attempts,
      position,
      floor,
    });
    let memory: DocumentMemory | undefined = new DocumentMemory(
      stored.position === undefined && this.options.start === undefined,
    );
    const remembered = (): DocumentMemory | undefined => {
      if (!this.options.remembers()) memory = undefined;
      return memory;
    };
    const committer = new BatchCommitter(
      this.context,
      this.held,
      this.signal,
      this.options.memory ?? remembered,
      this.options.onRetry,
    );
    this.options.onBegin(timeOf(position));
    try {
      return await this.pump(source, committer, position, pace);
    } finally {
      await follower
        .close()
        .catch((error: unknown) =>
          this.context.logger.debug('A follower could not be closed.', { key, error: String(error) }),
        );
    }
  }

  private async follower(stored: Checkpoint): Promise<FeedingSource> {
    const { connection, environment, logger } = this.context;
    const { feed, checkpoints } = connection;
    const start = {
      position: storePlace(
        stored.position ?? this.options.start ?? beginning(await feed.now(), feed.horizonSeconds),
        stored.key,
      ),
      floor: stored.floor,
    };
    const follower = new Follower({
      ...start,
      feed,
      environment,
      logger,
      types: this.options.types,
      ...(this.options.slices && { slices: this.options.slices }),
      watermarks: (streams) => checkpoints.watermarks(stored.key, streams),
      late: 'stop',
      ...(this.options.watched && { watched: this.options.watched }),
      beforeReentry: () => assertSameStore(feed, this.held.stored),
      beforeLive: () => this.beforeLive(),
    });
    return { ...start, next: () => follower.next(), close: () => follower.close() };
  }

  private async beforeLive(): Promise<void> {
    // An index is not built under a transaction that writes to the same collection.
    await this.written.catch(() => undefined);
    await this.options.beforeLive();
  }

  private async pump(
    source: BatchSource,
    committer: BatchCommitter,
    start: Position,
    pace: BatchPace,
  ): Promise<FollowEnd> {
    const { environment } = this.context;
    let saved = start;
    let next = heard(source.next());
    for (;;) {
      const batch = await untilAborted(next, this.signal);
      if (batch === undefined) return 'ended';
      const end = endOf(batch);
      const save = async (): Promise<void> => {
        await this.track(committer.save(end));
        saved = end.position;
        this.rhythm.noteSaved();
      };
      if (batch.deliveries.length > 0) {
        await this.options.beforeBatch(batch);
        const begun = environment.now();
        const writing = this.track(committer.commit(batch));
        // While this batch is written the next one is read and folded.
        if (batch.stopped === undefined && batch.ended !== true) next = heard(source.next(writing));
        try {
          await writing;
        } catch (error) {
          if (!(error instanceof Insurmountable)) throw error;
          await this.park(error, committer, { position: this.held.stored.position ?? start, floor: undefined });
          // What follows is folded already, as if the stream were not parked: again from what is stored.
          return { redrives: [], rebuilds: [] };
        }
        for (const parked of parkedBy(batch)) this.noteParked(parked);
        pace.note(batch.fold.documents, environment.now() - begun);
        saved = end.position;
        this.rhythm.noteSaved();
      } else if (
        batch.ended === true ||
        (batch.stopped === undefined && this.rhythm.isDue(batch, saved, this.held.stored))
      ) {
        await save();
      }
      this.options.onMove(timeOf(end.position), batch.deliveries.length > 0);

      if (batch.stopped !== undefined) throw batch.stopped.error;
      if (batch.deliveries.length === 0) next = heard(source.next());
      if (await this.options.afterBatch(batch, save)) return 'ended';
      if (batch.ended === true) return 'ended';
      const requested = await this.requests.at(end.position);
      if (!isAsked(requested)) continue;
      if (saved !== end.position) await save();
      return requested;
    }
  }

  /** Holds back the stream of an event that a batch failed at, in a transaction of its own, and nothing else. Throws the failure where everything is to halt. */
  private async park(
    failure: Insurmountable,
    committer: BatchCommitter,
    { position, floor }: { readonly position: Position; readonly floor: StoreTime | undefined },
  ): Promise<void> {
    const parked = await this.options.parking.recordOf(failure);
    await this.track(committer.save({ position, floor }, { park: [parked] }));
    this.noteParked(parked);
  }

  private noteParked(parked: ParkedStream): void {
    this.options.parking.note(parked);
    const { consumer, stream, error } = parked;
    this.context.logger.error('A stream is parked behind an event that cannot be applied.', {
      consumer,
      stream,
      ...error,
    });
  }

  private track<T>(writing: Promise<T>): Promise<T> {
    this.written = heard(writing);
    return writing;
  }
}
