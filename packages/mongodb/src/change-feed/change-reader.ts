import type { FeedPosition, FeedStart } from '@nestfold/core';
import type { ChangeStream, ChangeStreamOptions, Db } from 'mongodb';
import { timestampOf } from '../connection/bson-mapping.js';
import { feedPipeline, type ChangeDocument, type FeedCollections } from './change-document.js';
import { firstVisibleAt, timeOfToken } from './resume-token.js';

/** What came at once; `position` is behind the last change, or further where the server looked and found nothing. */
export interface ChangeBatch {
  readonly changes: readonly ChangeDocument[];
  readonly position: FeedPosition;
  /** Milliseconds that the server has owed an answer. */
  readonly silentMs: number;
}

const NOT_YET = Symbol('not yet');
const immediate = (): Promise<typeof NOT_YET> => new Promise((resolve) => setImmediate(resolve, NOT_YET));

/** Reads one change stream in batches, as the network brings them. Errors are the driver's, after its own attempt to resume. */
export class ChangeReader {
  private readonly stream: ChangeStream<ChangeDocument, ChangeDocument>;
  /** The first token: of the opening, or of the first change when the opening brought one. */
  private readonly opened: Promise<string>;
  private pending: Promise<ChangeDocument | null> | undefined;
  private pendingSince = 0;
  private position: FeedPosition | undefined;

  constructor(
    db: Db,
    collections: FeedCollections,
    start: FeedStart,
    private readonly maxAwaitTimeMS: number,
    private readonly now: () => number,
  ) {
    const options: ChangeStreamOptions = {
      ...('at' in start ? { startAtOperationTime: timestampOf(firstVisibleAt(start.at)) } : { resumeAfter: { _data: start.after.token } }),
      maxAwaitTimeMS,
      readConcern: { level: 'majority' },
      readPreference: 'primary',
    };
    this.stream = db.watch<ChangeDocument, ChangeDocument>(feedPipeline(collections), options);
    if ('after' in start) this.position = start.after;
    this.opened = new Promise((resolve) => this.stream.once('resumeTokenChanged', (token) => resolve(tokenOf(token))));
  }

  /**
   * Waits for changes as long as the server does, or until `patience` settles; then answers without changes. Answers at
   * once with what has come, so that nothing waits for a batch to fill.
   */
  async read(max: number, patience?: Promise<unknown>): Promise<ChangeBatch> {
    const pending = this.ask();
    if (patience) {
      const first = await Promise.race([pending, patience.then(() => NOT_YET)]);
      if (first === NOT_YET) {
        const position = await this.idlePosition(pending);
        const silentMs = Math.max(0, this.now() - this.pendingSince - this.maxAwaitTimeMS);
        if (position) return { changes: [], position, silentMs };
      }
    }
    let change = await this.take();
    if (change === null) {
      this.position = positionAt(tokenOf(this.stream.resumeToken));
      return { changes: [], position: this.position, silentMs: 0 };
    }
    // Buffered changes come within the same turn of the event loop, those from the network in a later one.
    const turn = immediate();
    const changes: ChangeDocument[] = [];
    for (;;) {
      changes.push(change);
      if (changes.length >= max) break;
      if ((await Promise.race([this.ask(), turn])) === NOT_YET) break;
      const next = await this.take();
      if (next === null) break;
      change = next;
    }
    this.position = positionAt(tokenOf(change._id));
    return { changes, position: this.position, silentMs: 0 };
  }

  async close(): Promise<void> {
    await this.stream.close().catch(() => undefined);
  }

  private ask(): Promise<ChangeDocument | null> {
    if (!this.pending) {
      this.pendingSince = this.now();
      this.pending = this.stream.tryNext();
      // Closing ends a pending read with an error that nobody awaits any more.
      this.pending.catch(() => undefined);
    }
    return this.pending;
  }

  private take(): Promise<ChangeDocument | null> {
    const pending = this.ask();
    this.pending = undefined;
    return pending;
  }

  /**
   * Where a reader stands whose read is still pending: what that read may bring counts as not delivered. Before the
   * stream is open there is no place. `undefined` when the read has ended meanwhile.
   */
  private async idlePosition(pending: Promise<unknown>): Promise<FeedPosition | undefined> {
    if (this.position) return this.position;
    await Promise.race([pending, this.opened]);
    // A first token that came with a change is the token of what is not delivered: then the read ends in the same turn.
    if ((await Promise.race([pending, immediate()])) !== NOT_YET) return undefined;
    this.position = positionAt(await this.opened);
    return this.position;
  }
}

function tokenOf(token: unknown): string {
  return (token as { readonly _data: string })._data;
}

function positionAt(token: string): FeedPosition {
  return { token, time: timeOfToken(token) };
}
