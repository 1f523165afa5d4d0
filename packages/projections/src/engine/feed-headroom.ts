import type { FeedReach } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';

/** How much of the past the live feed still has: followers that were away for longer catch up from history. */
export interface FeedHeadroom extends FeedReach {
  /** What catching up needs at least, twice the feed's horizon: with less a rebuild may never meet the live feed. */
  readonly neededSeconds: number;
  /** There is less than that, and it will not grow by itself: give the server a larger oplog. */
  readonly isShort: boolean;
}

const CHECK_MS = 60_000;

/** Asks how far back the feed goes; `undefined` where the store does not tell this process. */
export async function headroomOf({ connection: { feed } }: EngineContext): Promise<FeedHeadroom | undefined> {
  const reach = await feed.reach();
  if (reach === undefined) return undefined;
  const neededSeconds = 2 * feed.horizonSeconds;
  return { ...reach, neededSeconds, isShort: !reach.isWhole && reach.seconds < neededSeconds };
}

/** Warns when the feed's past becomes too short, before followers lose it. */
export class HeadroomWatch {
  private checkAt = 0;
  private wasShort = false;

  constructor(private readonly context: EngineContext) {}

  /** To be called with each heartbeat; looks once a minute, and warns once each time that it becomes short. */
  async tend(): Promise<void> {
    const { environment, logger } = this.context;
    if (environment.now() < this.checkAt) return;
    this.checkAt = environment.now() + CHECK_MS;
    try {
      const headroom = await headroomOf(this.context);
      const isShort = headroom?.isShort === true;
      if (isShort && !this.wasShort)
        logger.warn(
          'The oplog holds too little of the past: followers that fall behind, and rebuilds, may not find their way back to the live feed. Make it larger (replSetResizeOplog).',
          { seconds: headroom.seconds, neededSeconds: headroom.neededSeconds },
        );
      this.wasShort = isShort;
    } catch (error) {
      logger.debug('How far the live feed goes back could not be asked.', { error: String(error) });
    }
  }
}
