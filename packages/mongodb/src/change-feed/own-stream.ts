import { StoreUnavailable, type FeedPosition, type FeedStart, type LiveCommit } from '@nestfold/core';
import type { ChangeSource, OpenStream } from './change-source.js';
import { DensityGuard } from './density-guard.js';
import { endOfStream, endsStream } from './feed-failure.js';
import { pauseAfter } from './pause.js';

const AWAIT_MS = 250;
const STREAMS = 20_000;
/** Who is in a hurry would else open one stream after the other for as long as the outage lasts. */
const LEAST_PAUSE_MS = 50;

/** What an own stream brought. */
export interface OwnBatch {
  readonly commits: readonly LiveCommit[];
  readonly position: FeedPosition;
}

/**
 * The stream of a subscription that is not with the others: it is read only when the subscriber asks, so that a slow one
 * holds no more than one batch in memory.
 */
export class OwnStream {
  private readonly density = new DensityGuard(STREAMS);
  private reader: OpenStream | undefined;
  private failures = 0;
  private failingSince: number | undefined;
  private closed = false;

  constructor(private readonly source: ChangeSource) {}

  /** Answers `undefined` when an attempt failed; throws when the place is lost or the outage has lasted too long. */
  async read(start: FeedStart, max: number, waitMs: number): Promise<OwnBatch | undefined> {
    const { environment, outageMs } = this.source;
    try {
      this.reader ??= this.source.open(start, AWAIT_MS);
      const batch = await this.reader.read(max, waitMs);
      if (batch.silentMs >= outageMs) throw new Error('The server does not answer.');
      const commits = (await this.source.commits(batch)).map(({ live }) => live);
      for (const { commit } of commits) this.density.check(commit);
      this.failures = 0;
      this.failingSince = undefined;
      return { commits, position: batch.position };
    } catch (error) {
      await this.drop();
      // Its end is what the read met.
      if (this.closed) return undefined;
      if (endsStream(error)) throw endOfStream(error);
      this.failures += 1;
      this.failingSince ??= environment.now();
      if (environment.now() - this.failingSince >= outageMs) {
        throw new StoreUnavailable('The change stream cannot be read.', {}, { cause: error });
      }
      this.source.logger.warn('A change stream failed; it is opened again where it stood.', {
        attempt: this.failures,
        error: String(error),
      });
      await environment.sleep(Math.min(Math.max(waitMs, LEAST_PAUSE_MS), pauseAfter(this.failures, environment)));
      return undefined;
    }
  }

  /** Ends a read under way too, without an answer. */
  async close(): Promise<void> {
    this.closed = true;
    await this.drop();
  }

  private async drop(): Promise<void> {
    const { reader } = this;
    this.reader = undefined;
    await reader?.close();
  }
}
