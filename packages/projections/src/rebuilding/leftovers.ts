import type { RegistryEntry } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';
import { discard } from './discard.js';
import { Grace } from './grace.js';
import { sweep } from './sweep.js';

/** Takes away what a projection version needs no more: its former generation when that one's grace is over, and what crashes left. */
export class Leftovers {
  private readonly former: Grace;
  private readonly live: Grace;
  private readonly owner: string;
  private swept: number | undefined;

  /** `over` is called when there is something to be taken away by the passing of time. */
  constructor(
    private readonly context: EngineContext,
    stopping: AbortSignal,
    over: () => void,
  ) {
    this.owner = context.environment.uuid();
    this.former = new Grace(context, stopping, over);
    this.live = new Grace(context, stopping, over);
  }

  /** Looks, as often as one likes. */
  async tidy(entry: RegistryEntry): Promise<void> {
    if (entry.previous !== undefined && this.former.isOver(`${entry.previous} since ${entry.swappedAt?.getTime()}`))
      await this.dropFormer(entry, entry.previous);
    if (!this.live.isOver(`${entry.live}`) || this.swept === entry.live) return;
    await sweep(this.context, entry, this.owner);
    this.swept = entry.live;
  }

  private async dropFormer({ projection, version }: RegistryEntry, number: number): Promise<void> {
    const { generations } = this.context.connection;
    const former = (await generations.generations(projection, version)).find((one) => one.number === number);
    if (former === undefined) return;
    await discard(this.context, former, this.owner, () => generations.retire(former.id));
    this.context.logger.info('A former generation was dropped.', { generation: former.id });
  }
}
