import { StoreUnavailable, type Environment, type StoreTime } from '@nestfold/core';
import { Long, type Db, type Document, type Filter, type Timestamp } from 'mongodb';
import { storeTimeOf } from '../connection/bson-mapping.js';
import type { CausalClock } from '../connection/causal-clock.js';
import { COLLECTIONS } from '../connection/collections.js';
import type { ReadTurns } from '../connection/read-turns.js';
import { explained, mayPassAtOnce } from '../transaction/failure.js';
import type { CommitDocument } from './commit-document.js';

/** A reply that takes longer is given up, whatever the deadline. */
const READ_LIMIT_MS = 30_000;
/** How much longer than the server's own limit a reply is waited for: past it the connection is given up with it. */
const REPLY_GRACE_MS = 250;
/** One reply takes as many commits as fit into it, not the server's first hundred. */
const ONE_REPLY = 1_000_000;

/** Which commits, and what of them. */
export interface CommitQuery {
  readonly filter: Filter<CommitDocument>;
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  readonly projection?: Readonly<Record<string, 1>>;
  readonly limit?: number;
}

/** What one reply held. */
export interface FoundCommits<T> {
  readonly documents: readonly T[];
  /** The store's time at the read. */
  readonly time: StoreTime;
  /** Whether more match than a reply holds (16 MB). */
  readonly more: boolean;
}

/**
 * Finds commits at the primary, as a majority holds them and not older than what the clock has seen. It goes as a plain
 * command: that tells its time without a session, and costs less than a cursor with a session and a signal of its own.
 */
export class CommitFinder {
  constructor(
    private readonly db: Db,
    private readonly clock: CausalClock,
    private readonly environment: Environment,
    /** Missing: each read begins at once. */
    private readonly turns?: ReadTurns,
  ) {}

  /**
   * Answers one reply, before `deadline` (by the environment's clock), in 30 s at most; asks a second time after a lost
   * connection or a step-down. Throws `StoreUnavailable`; `what` names the read in it.
   */
  async find<T = CommitDocument>(what: string, query: CommitQuery, deadline?: number): Promise<FoundCommits<T>> {
    const until = deadline ?? this.environment.now() + READ_LIMIT_MS;
    for (let again = true; ; again = false) {
      try {
        if (this.turns === undefined) return await this.ask<T>(query, until);
        const turnWithin = deadline && deadline - this.environment.now();
        return await this.turns.take(what, () => this.ask<T>(query, until), turnWithin);
      } catch (error) {
        if (!again || !mayPassAtOnce(error)) throw explained(error, what);
      }
    }
  }

  private async ask<T>({ filter, sort, projection, limit }: CommitQuery, deadline: number): Promise<FoundCommits<T>> {
    const leftMs = Math.min(deadline - this.environment.now(), READ_LIMIT_MS);
    if (!(leftMs > 0)) throw late();
    const command: Document = { find: COLLECTIONS.commits, filter, batchSize: ONE_REPLY };
    if (sort) command['sort'] = sort;
    if (projection) command['projection'] = projection;
    if (limit !== undefined) command['limit'] = limit;
    command['readConcern'] = this.clock.readConcern();
    command['maxTimeMS'] = Math.ceil(leftMs);
    // Without a signal a reply that was lost on the way would be waited for for ever: the driver has no limit of its own.
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(late()), leftMs + REPLY_GRACE_MS);
    try {
      const { cursor, operationTime } = (await this.db.command(command, { signal: abort.signal })) as FindAnswer<T>;
      const time = storeTimeOf(operationTime);
      this.clock.observe(time);
      const more = !isZero(cursor.id);
      if (more) this.letGo(cursor.id);
      return { documents: cursor.firstBatch, time, more };
    } finally {
      clearTimeout(timer);
    }
  }

  /** The rest is asked for by its key: unlike a cursor, that goes on at whichever primary. */
  private letGo(cursor: CursorId): void {
    const command = { killCursors: COLLECTIONS.commits, cursors: [Long.fromValue(cursor)] };
    // Told in vain it ends by itself, ten minutes later.
    this.db.command(command).catch(() => undefined);
  }
}

type CursorId = number | Long;

interface FindAnswer<T> {
  readonly cursor: { readonly firstBatch: readonly T[]; readonly id: CursorId };
  readonly operationTime: Timestamp;
}

function isZero(id: CursorId): boolean {
  return typeof id === 'number' ? id === 0 : id.isZero();
}

function late(): StoreUnavailable {
  return new StoreUnavailable('The database did not answer a read in time. Try again later.');
}
