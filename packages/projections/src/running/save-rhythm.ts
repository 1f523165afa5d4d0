import type { Checkpoint, Position } from '@nestfold/core';
import { isOutOfTime } from '../following/store-clock.js';
import type { EngineContext } from './engine-context.js';
import { endOf, type ReadyBatch } from './ready-batch.js';

/**
 * When the place of a partition is saved though nothing was written: of a quiet one now and then, or the database would forget it; of one that moved
 * past events of others sooner, so that its lag is known.
 */
export class SaveRhythm {
  private savedAt: number;
  private skipped = false;
  private idleMs: number;

  constructor(private readonly context: Pick<EngineContext, 'environment' | 'settings'>) {
    this.savedAt = context.environment.now();
    this.idleMs = this.nextIdle();
  }

  /** Whether it is to be saved behind this batch; `saved` is the place that was last, `stored` what is stored by now. */
  isDue(batch: ReadyBatch, saved: Position, stored: Pick<Checkpoint, 'position'>): boolean {
    const { environment, settings } = this.context;
    const { position } = endOf(batch);
    // Whoever waits for it to come to the feed looks at what is saved.
    if (position.phase !== saved.phase || isOnFeed(position) !== isOnFeed(saved)) return true;
    // A partition of a topic in which nothing stands is to be known as read to its end: a swap waits for that.
    if (position.phase === 'topic' && stored.position === undefined) return true;
    if (isOutOfTime(saved, position)) return true;
    this.skipped ||= batch.read > 0;
    const age = environment.now() - this.savedAt;
    return age >= (this.skipped ? Math.min(this.idleMs, settings.skipSaveMs) : this.idleMs);
  }

  noteSaved(): void {
    this.savedAt = this.context.environment.now();
    this.skipped = false;
    this.idleMs = this.nextIdle();
  }

  /** By chance, so that many do not save at once. */
  private nextIdle(): number {
    const { environment, settings } = this.context;
    return settings.idleSaveMs * (0.5 + 0.5 * environment.random());
  }
}

function isOnFeed(position: Position): boolean {
  return position.phase === 'live' && position.feed !== undefined;
}
