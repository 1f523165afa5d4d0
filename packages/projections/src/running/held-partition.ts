import {
  isStoreUnavailable,
  NestfoldError,
  type Batch,
  type BatchWriter,
  type Checkpoint,
  type Lease,
  type ReadModelWriter,
  type StoreTime,
  type Position,
} from '@nestfold/core';
import type { EngineContext } from './engine-context.js';
import { untilAborted } from './until-aborted.js';

/** Another process holds the partition now, or may: what was being done is to be dropped. */
export class PartitionLost extends NestfoldError {
  readonly code = 'partition.lost';
  readonly retry = 'later';
}

/** What a batch says beside its work: the rest the partition knows. */
export type BatchContents = Omit<Batch, 'key' | 'token' | 'previous' | 'id'>;

/**
 * A partition whose lease this process holds and keeps renewing: the only way to move its checkpoint. `signal` aborts when the lease
 * is lost, or may be. Not for concurrent writes.
 */
export class HeldPartition {
  private readonly lost = new AbortController();
  private readonly over = new AbortController();
  private renewal: Promise<void> = Promise.resolve();
  private sureUntil: number;

  private constructor(
    private readonly context: EngineContext,
    private lease: Lease,
    private readonly writer: BatchWriter,
    private checkpoint: Checkpoint,
    askedAt: number,
  ) {
    this.sureUntil = askedAt + context.settings.leaseMs;
    this.renewal = this.keep();
  }

  /**
   * Takes the lease and claims the checkpoint; answers `undefined` while somebody else holds it, or it needs what is not in `knows` (missing: all is).
   */
  static async take(
    context: EngineContext,
    key: string,
    owner: string,
    knows?: readonly string[],
  ): Promise<HeldPartition | undefined> {
    const { leases, checkpoints } = context.connection;
    const writer = await checkpoints.openWriter(key);
    let lease: Lease | undefined;
    try {
      const askedAt = context.environment.now();
      lease = await leases.acquire(key, {
        owner,
        ttlMs: context.settings.leaseMs,
        session: writer.session,
        ...(knows && { knows }),
      });
      const checkpoint = lease && (await checkpoints.claim(key, lease.token));
      if (lease !== undefined && checkpoint !== undefined)
        return new HeldPartition(context, lease, writer, checkpoint, askedAt);
    } catch (error) {
      await writer.close().catch(() => false);
      throw error;
    }
    await writer.close();
    if (lease !== undefined) await leases.release(lease);
    return undefined;
  }

  get key(): string {
    return this.lease.key;
  }

  get token(): number {
    return this.lease.token;
  }

  /** As stored: where to go on from. */
  get stored(): Checkpoint {
    return this.checkpoint;
  }

  get signal(): AbortSignal {
    return this.lost.signal;
  }

  /** Whether the lease surely lasts for so long: asked before side effects that no fence can hold back. */
  isHeldFor(milliseconds: number): boolean {
    return !this.lost.signal.aborted && this.context.environment.now() + milliseconds < this.sureUntil;
  }

  /**
   * Writes a batch. Answers false when another batch was stored in its place: go on from `stored`. Throws `PartitionLost`
   * when fenced, `StoreUnavailable` (try again, with the same id so that nothing is applied twice), and what `work` throws.
   */
  async write(id: string, contents: BatchContents, work: (models: ReadModelWriter) => Promise<void>): Promise<boolean> {
    const { key, token, batch: previous } = { ...this.checkpoint, key: this.key, token: this.token };
    const outcome = await this.writer.write({ ...contents, key, token, previous, id }, work);
    if (outcome.kind === 'fenced') {
      this.lose();
      throw new PartitionLost(`Another process owns '${key}' now.`, { key, token });
    }
    if (outcome.kind === 'superseded') {
      this.checkpoint = outcome.checkpoint;
      return false;
    }
    const { watermarks: _written, parked: _parked, plain: _plain, ...moved } = contents;
    this.checkpoint = { ...this.checkpoint, ...moved, key, token, batch: id };
    return true;
  }

  /** Writes a position without work, for a follower that only moved. */
  async save(position: Position, floor: StoreTime | undefined): Promise<boolean> {
    const id = this.context.environment.uuid();
    return this.write(id, { position, ...(floor !== undefined && { floor }) }, () => Promise.resolve());
  }

  /** Ends the session and frees the lease at once, for those only who have what it needs. Never throws: what cannot be freed expires. */
  async release(needs?: string): Promise<void> {
    this.over.abort();
    await this.renewal;
    const isClosed = await this.writer.close().catch(() => false);
    if (this.lost.signal.aborted) return;
    // A batch that still hangs in the session would hold up the next owner, who can end only what is named.
    await this.context.connection.leases
      .release(this.lease, { sessionOpen: !isClosed, ...(needs !== undefined && { needs }) })
      .catch(() => undefined);
  }

  /** Gives up as a crash would: nothing is released. */
  private lose(): void {
    this.lost.abort();
    this.over.abort();
  }

  private async keep(): Promise<void> {
    const { environment, settings, logger, connection } = this.context;
    while (!this.over.signal.aborted) {
      await environment.sleep(settings.leaseMs / 3, this.over.signal);
      if (this.over.signal.aborted) return;
      const askedAt = environment.now();
      const answered = new AbortController();
      // Who waited for an answer that never comes would believe in the lease for ever.
      void environment.sleep(this.sureUntil - askedAt, answered.signal).then(() => {
        if (!answered.signal.aborted) this.lose();
      });
      try {
        const renewed = await untilAborted(connection.leases.renew(this.lease, settings.leaseMs), this.over.signal);
        if (this.over.signal.aborted) return;
        if (renewed === undefined) return this.lose();
        this.lease = renewed;
        this.sureUntil = askedAt + settings.leaseMs;
      } catch (error) {
        if (!isStoreUnavailable(error))
          logger.warn('A lease could not be renewed.', { key: this.key, error: String(error) });
        if (environment.now() >= this.sureUntil) return this.lose();
      } finally {
        answered.abort();
      }
    }
  }
}
