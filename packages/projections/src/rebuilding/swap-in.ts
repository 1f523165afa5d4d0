import {
  furthest,
  hasReached,
  type Generation,
  type GenerationProgress,
  type Lease,
  type PendingSwap,
  type Position,
} from '@nestfold/core';
import { isCatchingUp } from '../following/store-clock.js';
import type { EngineContext } from '../running/engine-context.js';
import { partitionKey, partitionKeys, swapKey } from '../running/keys.js';
import { readableGeneration } from '../reading/readable-generation.js';

/** What becomes live, who asked for it, and what is known of it. */
export interface SwapRequest {
  readonly generation: Generation;
  readonly by: string;
  /** Older versions that readers see as long as this one has nothing live; none when missing. */
  readonly reads?: readonly number[];
  /** What the build came to; missing for one that was live before. */
  readonly built?: () => GenerationProgress;
  /** Hears at once how far partitions are to read: those of other processes hear of it from the registry. */
  readonly onAsk?: (swap: PendingSwap) => void;
}

/** How an attempt ended; after `not-ready` and `busy` nothing was held, after `handed-back` the live generation stood still for a moment. */
export type SwapEnd = 'done' | 'not-ready' | 'busy' | 'handed-back';

/** The live generation, held still. */
interface Halt {
  readonly leases: readonly Lease[];
  readonly target: Position | undefined;
  readonly deadline: number;
}

const LOOK_MS = 8;
/** Of the time for which the live generation may be held. */
const READING_SHARE = 0.75;
/** Who needs longer than this while nobody is held would need too long then. */
const NEAR_SHARE = 0.5;

/**
 * Makes another generation the live one, also where the two have different numbers of partitions. Whoever coordinates holds the swap's lease. First the
 * other generation's partitions are asked to read on to where the live ones stand by now, without holding up anybody; then the live ones'
 * leases are taken by force, which waits for their batches in flight and fences their owners, and the other ones read on to the furthest place that
 * these had come to; then the pointer moves in one step that insists on the live tokens and on all the new places. What takes too long is handed
 * back, and a crash anywhere hands it back too, since leases expire.
 */
export class SwapIn {
  private readonly owner: string;

  constructor(private readonly context: EngineContext) {
    // Not that of any runner: one's own lease is taken without force, which fences nobody else.
    this.owner = context.environment.uuid();
  }

  /** Tries once. Throws what the store throws; the live generation is handed back then too. */
  async attempt(request: SwapRequest): Promise<SwapEnd> {
    const { leases } = this.context.connection;
    const { generation } = request;
    const ttlMs = 3 * this.context.settings.swapMs;
    const lease = await leases.acquire(swapKey(generation), { owner: this.owner, ttlMs });
    if (lease === undefined) return 'busy';
    try {
      return await this.coordinate(request);
    } finally {
      await leases.release(lease).catch(() => undefined);
    }
  }

  private async coordinate(request: SwapRequest): Promise<SwapEnd> {
    const { generations } = this.context.connection;
    const { id, number, projection, version } = request.generation;
    const entry = await generations.entry(projection, version);
    // A swap whose answer was lost has moved the pointer: taking the live leases now would fence the new generation itself.
    if (entry?.live === number) return 'done';
    if (entry === undefined || (entry.building !== number && entry.previous !== number)) return 'not-ready';
    const live =
      entry.live === undefined
        ? await this.standIn(request)
        : (await generations.generations(projection, version)).find((one) => one.number === entry.live);
    const swap = this.context.environment.uuid();
    try {
      if (!(await this.isNear(request, live, swap))) return 'not-ready';
      return live === undefined
        ? await this.move(request, undefined, await this.placeOf(request.generation))
        : await this.hold(request, live, swap);
    } finally {
      await generations.dropSwap(id, swap).catch(() => undefined);
    }
  }

  /**
   * What readers see until now, of an older version: held as one of this version would be, or they would go back to where the build happens to stand. One that cannot be
   * compared with it is not waited for: perhaps nobody feeds it any more.
   */
  private async standIn({ generation, reads = [] }: SwapRequest): Promise<Generation | undefined> {
    const shown = await readableGeneration(this.context.connection.generations, generation.projection, reads);
    if (shown?.epoch !== generation.epoch) return undefined;
    const [own] = await this.positions(generation);
    const others = await this.positions(shown);
    return others.every((one) => isFollowing(one) && one?.phase === own?.phase) ? shown : undefined;
  }

  /** Only between two generations that follow the live feed: places in history cannot be compared with it. */
  private async isNear(request: SwapRequest, live: Generation | undefined, swap: string): Promise<boolean> {
    const { environment, settings } = this.context;
    const own = await this.positions(request.generation);
    if (!own.every(isFollowing)) return false;
    const others = live === undefined ? [] : await this.positions(live);
    // One that failed stands still: nobody owns it, and it may never have got to the live phase.
    if (live !== undefined && live.state !== 'failed' && !others.every(isFollowing)) return false;
    const target = furthest([...own, ...others].filter((position) => position !== undefined));
    return (
      target !== undefined &&
      this.readOn(request, { id: swap, target }, environment.now() + NEAR_SHARE * settings.swapMs)
    );
  }

  private async hold(request: SwapRequest, live: Generation, swap: string): Promise<SwapEnd> {
    const leases: Lease[] = [];
    try {
      const halt = await this.halt(live, leases);
      if (halt === undefined) return 'handed-back';
      const target = halt.target ?? (await this.placeOf(request.generation));
      if (await this.readOn(request, { id: swap, target }, halt.deadline))
        return await this.move(request, halt, target);
      this.context.logger.warn('A swap took too long and is tried again.', {
        generation: request.generation.id,
        limitMs: this.context.settings.swapMs,
      });
      return 'handed-back';
    } finally {
      await Promise.all(leases.map((lease) => this.context.connection.leases.release(lease).catch(() => undefined)));
    }
  }

  /** Takes the live partitions, all at once, so that none stands still for longer than the others. */
  private async halt(live: Generation, leases: Lease[]): Promise<Halt | undefined> {
    const { connection, environment, settings } = this.context;
    // Time is left to move the pointer, or to hand back, before the leases run out.
    const deadline = environment.now() + READING_SHARE * settings.swapMs;
    // All are waited for, or a lease that comes late would not be given back.
    const settled = await Promise.allSettled(
      partitionKeys(live).map(async (key) => {
        const request = { owner: this.owner, ttlMs: settings.swapMs, force: true };
        const lease = await connection.leases.acquire(key, request);
        if (lease === undefined) return undefined;
        leases.push(lease);
        return connection.checkpoints.claim(key, lease.token);
      }),
    );
    const claimed = settled.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
    if (claimed.includes(undefined)) return undefined;
    return { leases, deadline, target: furthest(claimed.flatMap((checkpoint) => checkpoint?.position ?? [])) };
  }

  /** Asks the partitions of a generation to read on to a place, and waits until all have saved it. */
  private async readOn(
    { generation: next, onAsk }: SwapRequest,
    swap: PendingSwap,
    deadline: number,
  ): Promise<boolean> {
    const { connection, environment } = this.context;
    const reached = (positions: readonly (Position | undefined)[]): boolean =>
      positions.every((one) => hasReached(one, swap.target));
    if (reached(await this.positions(next))) return true;
    await connection.generations.requestSwap(next.id, swap);
    onAsk?.(swap);
    while (environment.now() < deadline) {
      if (reached(await this.positions(next))) return true;
      await environment.sleep(LOOK_MS);
    }
    return false;
  }

  private async move(
    { generation, by, built }: SwapRequest,
    halt: Halt | undefined,
    target: Position,
  ): Promise<SwapEnd> {
    const done = await this.context.connection.generations.swap({
      generation,
      by,
      held: halt?.leases.map(({ key, token }) => ({ key, token })) ?? [],
      reached: { keys: partitionKeys(generation), target },
      ...(built && { progress: built() }),
    });
    return done ? 'done' : 'handed-back';
  }

  /** A place that all partitions of a generation have reached: nothing was asked of them. */
  private async placeOf(generation: Generation): Promise<Position> {
    const { position } = (await this.context.connection.checkpoints.find(partitionKey(generation, 0))) ?? {};
    if (position?.phase === 'topic') return { phase: 'topic', next: {}, token: 0 };
    return { phase: 'history', began: position?.began ?? '', horizon: position?.horizon ?? '' };
  }

  private async positions(generation: Generation): Promise<(Position | undefined)[]> {
    const keys = partitionKeys(generation);
    const found = await this.context.connection.checkpoints.findAll(keys);
    const places = new Map(found.map(({ key, position }) => [key, position]));
    return keys.map((key) => places.get(key));
  }
}

/** Whether a place can be compared with others of its kind: in the live feed, or in a topic. */
function isFollowing(position: Position | undefined): boolean {
  return position !== undefined && !isCatchingUp(position);
}
