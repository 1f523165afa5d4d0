import type { LoadPlan, StoreTime } from '@nestfold/core';
import { LatenessWatch } from '../following/lateness-watch.js';
import type { EngineContext } from '../running/engine-context.js';

const WAIT_MS = 10_000;

/** Looks, from the beginning of a load on, for commits that became visible too late for it. */
export class LoadWatch {
  private readonly watch: LatenessWatch;

  constructor(
    private readonly context: EngineContext,
    { began, horizon }: LoadPlan,
  ) {
    const { connection, environment, logger } = context;
    this.watch = new LatenessWatch(connection.feed, environment, logger, 'stop');
    this.watch.begin({ began, horizon });
    this.watch.open();
  }

  /** Up to where it has looked and found nothing late. */
  get clearTo(): StoreTime | undefined {
    return this.watch.clearTo;
  }

  /** Why it does not get on, where that is known. */
  get failsWith(): unknown {
    return this.watch.failsWith;
  }

  /** Throws `LateCommit`: what was loaded has a hole. */
  check(): void {
    this.watch.check();
  }

  /** Waits until all that is visible now has been looked at; answers false where that takes too long. */
  async passes(): Promise<boolean> {
    const passed = await this.watch.passes(await this.context.connection.feed.now(), WAIT_MS);
    this.watch.check();
    return passed;
  }

  close(): Promise<void> {
    return this.watch.close();
  }
}
