import type { FeedPosition, FeedStart } from '@nestfold/core';
import type { ChangeStream, ChangeStreamOptions, Db } from 'mongodb';
import { timestampOf } from '../connection/bson-mapping.js';
import { feedPipeline, shareTime, type ChangeDocument, type FeedCollections } from './change-document.js';
import { onPrimaryLost } from './primary-loss.js';
import { timeOfToken } from './resume-token.js';
import { Waiters } from './waiters.js';

/** What came at once; `position` is behind the last change, or further where the server looked and found nothing. */
export interface ChangeBatch {
  readonly changes: readonly ChangeDocument[];
  readonly position: FeedPosition;
  /** Milliseconds that the server has owed an answer. */
  readonly silentMs: number;
}

const OPENING_MS = 10_000;
const AHEAD = 200;
const AHEAD_BYTES = 16 * 1024 * 1024;

/**
 * Reads one change stream, a little ahead of whoever takes from it. Errors are the driver's, after its own attempt to
 * resume, and come behind the changes that were read before. A lost primary is an error at once: the driver would ask the dead server to end the
 * cursor, and wait for it as long as for any server, before it resumes.
 */
export class ChangeReader {
  private readonly stream: ChangeStream<ChangeDocument, ChangeDocument>;
  /** The first token: of the opening, or of the first change when the opening brought one. */
  private readonly opened: Promise<string>;
  private changes: ChangeDocument[] = [];
  private bytes = 0;
  /** Whether what the network brought at once has all been kept. */
  private ready = false;
  /** Behind everything that was taken. */
  private position: FeedPosition | undefined;
  /** Behind everything that has come, where the server looked further than that. */
  private reached: FeedPosition | undefined;
  private failure: { readonly error: unknown } | undefined;
  private askedAt: number | undefined;
  private closed = false;
  private isPrimaryLost = false;
  private readonly forget: () => void;
  private readonly news = new Waiters();
  private makeRoom: () => void = () => undefined;

  constructor(
    db: Db,
    collections: FeedCollections,
    start: FeedStart,
    private readonly maxAwaitTimeMS: number,
    private readonly now: () => number,
  ) {
    const options: ChangeStreamOptions = {
      // The server tells the place that it begins at before it has read what became visible then: of this one, that is not asked for.
      ...('at' in start
        ? { startAtOperationTime: timestampOf(start.at) }
        : { resumeAfter: { _data: start.after.token } }),
      maxAwaitTimeMS,
      readConcern: { level: 'majority' },
      readPreference: 'primary',
    };
    this.stream = db.watch<ChangeDocument, ChangeDocument>(feedPipeline(collections), options);
    if ('after' in start) this.position = start.after;
    this.opened = new Promise((resolve) => this.stream.once('resumeTokenChanged', (token) => resolve(tokenOf(token))));
    this.forget = onPrimaryLost(db.client, () => {
      this.isPrimaryLost = true;
      this.fail(new Error('The primary is lost.'));
    });
    void this.pump();
  }

  /** Takes what has come, at most `max`; where that is nothing waits for it, or for the word that there is nothing, so many milliseconds. */
  async read(max: number, waitMs: number): Promise<ChangeBatch> {
    if (this.isQuiet() && waitMs > 0) await this.news.wait(waitMs);
    // Before the stream is open there is no position to answer.
    if (this.isQuiet() && !this.position) await this.findOpening();
    const wasFull = this.isFull();
    const changes = this.take(max);
    if (changes.length === 0 && this.failure) throw this.failure.error;
    const last = changes.at(-1);
    if (last) this.position = positionAt(tokenOf(last._id), this.goesOn(last, wasFull));
    if (this.changes.length === 0 && this.reached) {
      this.position = this.reached;
      this.reached = undefined;
    }
    const owedMs = this.askedAt === undefined ? 0 : this.now() - this.askedAt - this.maxAwaitTimeMS;
    return { changes, position: this.position as FeedPosition, silentMs: Math.max(0, owedMs) };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.forget();
    this.makeRoom();
    this.fail(new Error('The change stream is closed.'));
    const closing = this.stream.close().catch(() => undefined);
    if (!this.isPrimaryLost) await closing;
  }

  /** Whether more of a change's time may follow: of one that was read last because there was no room for more nobody knows. */
  private goesOn(last: ChangeDocument, wasFull: boolean): boolean {
    const [next] = this.changes;
    return next === undefined ? wasFull : shareTime(last, next);
  }

  private isQuiet(): boolean {
    return !this.ready && !this.reached && !this.failure;
  }

  private async pump(): Promise<void> {
    try {
      while (!this.closed) {
        if (this.isFull()) await new Promise<void>((resolve) => (this.makeRoom = resolve));
        this.askedAt = this.now();
        const change = await this.stream.tryNext();
        this.askedAt = undefined;
        if (change) this.keep(change);
        else this.lookedFurther(tokenOf(this.stream.resumeToken));
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.news.wake();
  }

  private keep(change: ChangeDocument): void {
    this.reached = undefined;
    this.bytes += change.size ?? 0;
    // What the network brought at once is kept within this turn of the event loop. Taken earlier it would go one by one.
    if (this.changes.push(change) === 1) setImmediate(() => this.offer());
    else if (this.isFull()) this.offer();
  }

  private offer(): void {
    this.ready = this.changes.length > 0;
    if (this.ready) this.news.wake();
  }

  private isFull(): boolean {
    return this.changes.length >= AHEAD || this.bytes >= AHEAD_BYTES;
  }

  private lookedFurther(token: string): void {
    this.reached = positionAt(token);
    this.news.wake();
  }

  private take(max: number): readonly ChangeDocument[] {
    if (!this.ready && !this.failure) return [];
    const taken = this.changes.splice(0, max);
    for (const { size = 0 } of taken) this.bytes -= size;
    this.ready = this.changes.length > 0;
    if (taken.length > 0) this.makeRoom();
    return taken;
  }

  /** A first token that came with a change is that change's: then the change is there within the same turn. */
  private async findOpening(): Promise<void> {
    const token = await Promise.race([this.opened, this.news.wait(OPENING_MS)]);
    // Ends the wait that lost.
    this.news.wake();
    await new Promise((resolve) => setImmediate(resolve));
    if (!this.isQuiet()) return;
    if (!token) throw new Error('The change stream could not be opened in time.');
    this.position = positionAt(token);
  }
}

function tokenOf(token: unknown): string {
  return (token as { readonly _data: string })._data;
}

function positionAt(token: string, isInside = false): FeedPosition {
  return { token, time: timeOfToken(token), ...(isInside && { isInside }) };
}
