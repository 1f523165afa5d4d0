import type { Generation, Lease, Position } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';
import type { HeldPartition } from '../running/held-partition.js';
import { partitionKey } from '../running/keys.js';

/** The live generation, held still for a swap. */
interface Halt {
  readonly lease: Lease;
  readonly position: Position;
  readonly deadline: number;
}

/**
 * Makes a new generation the live one. The live one's lease is taken by force, which waits for its batch in flight and fences its owner;
 * the new one reads on to that place; then the pointer moves in one step that insists on both tokens. What takes too long is handed back,
 * and a crash anywhere hands it back too, since the lease expires.
 */
export class SwapIn {
  private halt: Halt | undefined;
  private notBefore = 0;

  constructor(
    private readonly context: EngineContext,
    private readonly held: HeldPartition,
    private readonly generation: Generation,
    private readonly owner: string,
  ) {}

  /** To be called when the new generation has caught up, and after each of its batches from then on. Answers true when it is live. */
  async step(position: Position, save: () => Promise<void>): Promise<boolean> {
    const { environment, connection, settings } = this.context;
    if (this.halt === undefined && environment.now() < this.notBefore) return false;
    const entry = await connection.generations.entry(this.generation.projection, this.generation.version);
    // A swap whose answer was lost has moved the pointer: taking the live lease now would fence this very runner.
    if (entry?.live === this.generation.number) return true;
    if (entry?.live === undefined) {
      await save();
      return this.swap([]);
    }
    this.halt ??= await this.halted(await this.liveOf(entry.live));
    if (this.halt === undefined) return this.later();
    if (hasReached(position, this.halt.position)) {
      await save();
      const done = await this.swap([{ key: this.halt.lease.key, token: this.halt.lease.token }]);
      await this.handBack();
      return done || this.later();
    }
    if (environment.now() < this.halt.deadline) return false;
    this.context.logger.warn('A swap took too long and is tried again.', {
      generation: this.generation.id,
      limitMs: settings.swapMs,
    });
    await this.handBack();
    return this.later();
  }

  /** Frees the live generation, if it is held. */
  async handBack(): Promise<void> {
    const halt = this.halt;
    this.halt = undefined;
    if (halt !== undefined) await this.context.connection.leases.release(halt.lease);
  }

  /** Only between two generations that follow the live feed: places in history cannot be compared with it. */
  private async halted(live: Generation | undefined): Promise<Halt | undefined> {
    const { connection, environment, settings } = this.context;
    if (live === undefined) return undefined;
    const key = partitionKey(live);
    const found = await connection.checkpoints.find(key);
    // One that failed stands still: nobody owns it, and it may never have got to the live phase.
    if (found?.position?.phase !== 'live' && live.state !== 'failed') return undefined;
    const lease = await connection.leases.acquire(key, { owner: this.owner, ttlMs: settings.swapMs, force: true });
    if (lease === undefined) return undefined;
    const checkpoint = await connection.checkpoints.claim(key, lease.token);
    if (checkpoint === undefined) return undefined;
    const position = checkpoint.position ?? { phase: 'history' as const, began: '', horizon: '' };
    return { lease, position, deadline: environment.now() + settings.swapMs };
  }

  private async swap(live: readonly { readonly key: string; readonly token: number }[]): Promise<boolean> {
    const { generation, held } = this;
    return this.context.connection.generations.swap({
      generation,
      by: generation.startedBy,
      held: [...live, { key: held.key, token: held.token }],
    });
  }

  private liveOf(number: number): Promise<Generation | undefined> {
    const { projection, version } = this.generation;
    return this.context.connection.generations
      .generations(projection, version)
      .then((all) => all.find((one) => one.number === number));
  }

  private later(): false {
    this.notBefore = this.context.environment.now() + this.context.settings.swapMs;
    return false;
  }
}

/** Whether everything that one position has is also had by the other. Tokens of one feed compare as text. */
export function hasReached(own: Position, other: Position): boolean {
  if (own.phase !== 'live') return false;
  if (other.phase === 'history') return true;
  if (other.feed === undefined) return own.feed !== undefined && own.feed.time >= other.horizon;
  return own.feed !== undefined && own.feed.token >= other.feed.token;
}
