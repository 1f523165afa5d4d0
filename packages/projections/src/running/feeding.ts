import { isEventFromNewerBuild, type Position, type StoreTime } from '@nestfold/core';
import { DocumentMemory } from '../fold/document-memory.js';
import type { ProjectionFold } from '../fold/projection-fold.js';
import { Follower } from '../following/follower.js';
import { beginning, timeOf } from '../following/store-clock.js';
import { BatchCommitter, Superseded } from './batch-committer.js';
import { BatchSource } from './batch-source.js';
import { Backoff } from './backoff.js';
import type { EngineContext } from './engine-context.js';
import { eventOf, Insurmountable, isForGood, isTransient } from './failure.js';
import { BatchPace } from './batch-pace.js';
import { PartitionLost, type HeldPartition } from './held-partition.js';
import { endOf, type ReadyBatch } from './ready-batch.js';
import { assertSameStore } from './same-store.js';
import { heard, untilAborted } from './until-aborted.js';

/** What is fed, and who hears of it. */
export interface FeedingOptions {
  readonly fold: ProjectionFold;
  readonly types: readonly string[];
  /** Whether documents are remembered from batch to batch: while a generation is built. */
  readonly remembers: () => boolean;
  /** Called between history and the live phase. */
  readonly beforeLive: () => Promise<void>;
  /** Called before a batch is written: for what must be there first. */
  readonly beforeBatch: (batch: ReadyBatch) => Promise<void>;
  /** Called after each batch, with what saves the place that it led to; answers true to end the feeding. */
  readonly afterBatch: (batch: ReadyBatch, save: () => Promise<void>) => Promise<boolean>;
  readonly onMove: (time: StoreTime | undefined) => void;
  readonly onRetry: (error: unknown) => void;
}

/** Feeds one partition while its lease is held: follows the store, folds, writes. */
export class Feeding {
  private written: Promise<unknown> = Promise.resolve();
  private savedAt: number;
  private skipped = false;
  private idleMs: number;

  constructor(
    private readonly context: EngineContext,
    private readonly held: HeldPartition,
    private readonly signal: AbortSignal,
    private readonly options: FeedingOptions,
  ) {
    this.savedAt = context.environment.now();
    this.idleMs = this.nextIdle();
  }

  /**
   * Runs until the signal aborts, or `afterBatch` ends it. Throws `PartitionLost`, `EventFromNewerBuild` (what stands before it is applied)
   * and `Insurmountable`.
   */
  async run(): Promise<void> {
    const { environment, settings } = this.context;
    const backoff = new Backoff(environment, settings.backoffMs, settings.backoffMaxMs);
    const failing = new Backoff(environment, settings.backoffMs, settings.backoffMaxMs);
    while (!this.signal.aborted) {
      const reached = this.held.stored.batch;
      try {
        if (await this.follow()) return;
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

  /** Follows from the stored position until an error; answers true when it is to end for good. */
  private async follow(): Promise<boolean> {
    const { connection, environment, logger, settings } = this.context;
    const { feed, checkpoints } = connection;
    const { key, stored } = this.held;
    const position = stored.position ?? beginning(await feed.now(), feed.horizonSeconds);
    const start = { position, floor: stored.floor };
    const follower = new Follower({
      ...start,
      feed,
      environment,
      logger,
      types: this.options.types,
      watermarks: (streams) => checkpoints.watermarks(key, streams),
      late: 'stop',
      beforeReentry: () => assertSameStore(connection.events, this.held.stored.last),
      beforeLive: async () => {
        // An index is not built under a transaction that writes to the same collection.
        await this.written.catch(() => undefined);
        await this.options.beforeLive();
      },
    });
    const pace = new BatchPace(settings);
    const source = new BatchSource(follower, this.options.fold, pace, start);
    let memory: DocumentMemory | undefined = new DocumentMemory(stored.position === undefined);
    const committer = new BatchCommitter(
      this.context,
      this.held,
      this.signal,
      () => {
        if (!this.options.remembers()) memory = undefined;
        return memory;
      },
      this.options.onRetry,
    );
    this.options.onMove(timeOf(position));
    try {
      return await this.pump(source, committer, position, pace);
    } finally {
      await follower
        .close()
        .catch((error: unknown) => logger.debug('A follower could not be closed.', { key, error: String(error) }));
    }
  }

  private async pump(
    source: BatchSource,
    committer: BatchCommitter,
    start: Position,
    pace: BatchPace,
  ): Promise<boolean> {
    const { environment } = this.context;
    let saved = start;
    let next = heard(source.next());
    for (;;) {
      const batch = await untilAborted(next, this.signal);
      if (batch === undefined) return true;
      const end = endOf(batch);
      const save = async (): Promise<void> => {
        await this.track(committer.save(end));
        saved = end.position;
        this.noteSaved();
      };
      if (batch.deliveries.length > 0) {
        await this.options.beforeBatch(batch);
        const begun = environment.now();
        const writing = this.track(committer.commit(batch));
        // While this batch is written the next one is read and folded.
        if (batch.stoppedBy === undefined) next = heard(source.next(writing));
        await writing;
        pace.note(batch.fold.documents, environment.now() - begun);
        saved = end.position;
        this.noteSaved();
      } else if (batch.stoppedBy === undefined) {
        if (this.isDue(batch, saved)) await save();
        next = heard(source.next());
      }
      this.options.onMove(timeOf(end.position));
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- thrown on as it came: what the user's method throws is the user's choice
      if (batch.stoppedBy !== undefined) throw batch.stoppedBy;
      if (await this.options.afterBatch(batch, save)) return true;
    }
  }

  /** A quiet follower's place is saved now and then, or the database would forget it; one that moved past events of others sooner, so that its lag is known. */
  private isDue({ read, cuts }: ReadyBatch, saved: Position): boolean {
    if (cuts.at(-1)!.position.phase !== saved.phase) return true;
    this.skipped ||= read > 0;
    const age = this.context.environment.now() - this.savedAt;
    return age >= (this.skipped ? Math.min(this.idleMs, this.context.settings.skipSaveMs) : this.idleMs);
  }

  private noteSaved(): void {
    this.savedAt = this.context.environment.now();
    this.skipped = false;
    this.idleMs = this.nextIdle();
  }

  private nextIdle(): number {
    return this.context.settings.idleSaveMs * (0.5 + 0.5 * this.context.environment.random());
  }

  private track<T>(writing: Promise<T>): Promise<T> {
    this.written = heard(writing);
    return writing;
  }
}
