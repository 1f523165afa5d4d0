import type { Generation, ParkedStream, Position, StreamRebuild } from '@nestfold/core';
import type { ProjectionFold } from '../fold/projection-fold.js';
import type { PartitionParking } from '../parking/partition-parking.js';
import { Redrive } from '../parking/redrive.js';
import { StreamRebuilder } from '../stream-rebuild/stream-rebuilder.js';
import type { EngineContext } from './engine-context.js';
import type { HeldPartition } from './held-partition.js';

/** The rebuilds of streams that a partition's owner is asked for. */
export interface AskedRebuilds {
  readonly generation: Generation;
  /** Those that are not executed yet. Asked for several times a second. */
  pending(): readonly StreamRebuild[];
  /** One was executed, which the registry may tell a little later. */
  done(rebuild: StreamRebuild): void;
}

/** What operators ask of the owner of a partition. */
export interface Requested {
  readonly redrives: readonly ParkedStream[];
  readonly rebuilds: readonly StreamRebuild[];
}

/** For so long the partition is not followed, save for what one rebuild takes: each may look through whole collections. */
const AWAY_MS = 250;
const NOTHING: Requested = { redrives: [], rebuilds: [] };

/** Executes what operators ask of a partition's owner, between two followings, so that nothing is folded already that rests on what stood before. */
export class OwnerRequests {
  constructor(
    private readonly context: EngineContext,
    private readonly held: HeldPartition,
    private readonly signal: AbortSignal,
    private readonly fold: ProjectionFold,
    private readonly parking: PartitionParking,
    private readonly asked: AskedRebuilds | undefined,
  ) {}

  /** Only where it is known how far each stream got: live, not on the way back after lost history, and past what was had at once. */
  async at(position: Position): Promise<Requested> {
    if (!isFollowed(position)) return NOTHING;
    const redrives = this.parking.isDue() ? await this.context.connection.parked.requested(this.held.key) : [];
    return { redrives, rebuilds: this.asked?.pending() ?? [] };
  }

  /** Not all of it where that takes long: the rest is asked for again. */
  async execute({ redrives, rebuilds }: Requested): Promise<void> {
    const { context, held, fold, parking, asked, signal } = this;
    const until = context.environment.now() + AWAY_MS;
    for (const one of rebuilds) {
      if (signal.aborted || asked === undefined || context.environment.now() > until) break;
      await new StreamRebuilder(context, held, fold, parking, asked.generation, signal).execute(one);
      asked.done(one);
    }
    const redrive = new Redrive(context, held, fold, parking, signal);
    // A rebuild has tried again what waited.
    const isRebuilt = ({ stream }: ParkedStream): boolean => rebuilds.some((one) => one.stream === stream);
    for (const one of redrives) if (!signal.aborted && !isRebuilt(one)) await redrive.execute(one);
  }
}

/** Whether there is anything to do. */
export const isAsked = ({ redrives, rebuilds }: Requested): boolean => redrives.length + rebuilds.length > 0;

/** Whether watermarks tell how far each stream got. */
function isFollowed(position: Position): boolean {
  if (position.phase === 'topic') return true;
  if (position.phase !== 'live' || position.feed === undefined) return false;
  return position.again === undefined && position.asOf === undefined;
}
