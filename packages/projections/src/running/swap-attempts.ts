import {
  secondsOf,
  type Generation,
  type GenerationProgress,
  type PendingSwap,
  type ProgressPart,
} from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import { SwapIn } from '../rebuilding/swap-in.js';
import type { TopicFeeding } from '../topics/topic-feeding.js';
import type { EngineContext } from './engine-context.js';
import type { GenerationView } from './generation-view.js';

/** A build that is further behind need not ask whether it can be swapped in. */
const NEAR_SECONDS = 3;
const LOOK_MS = 20;
/** Between two attempts to swap where the generation was not ready. */
const AGAIN_MS = 100;

/** A build that may become live. */
export interface SwapCandidate {
  readonly generation: Generation;
  readonly definition: Pick<ProjectionDefinition, 'reads'>;
  readonly view: GenerationView;
  /** Missing: it follows the store. */
  readonly topic: TopicFeeding | undefined;
  /** How far its partitions are: own ones as they are, those of others as they were told. */
  readonly parts: readonly ProgressPart[];
  /** How far its partitions are to read. */
  noteAsked(swap: PendingSwap): void;
  /** Looks at what became of it. */
  fresh(): Promise<Generation | undefined>;
}

/** Swaps a build in once it is near enough: one attempt at a time, and not too soon after one that came to nothing. */
export class SwapAttempts {
  private running: Promise<void> | undefined;
  private nextAt = 0;

  constructor(
    private readonly context: EngineContext,
    private readonly build: SwapCandidate,
  ) {}

  /** The attempt on its way; never rejects. */
  get ended(): Promise<void> | undefined {
    return this.running;
  }

  /** Any number of calls. */
  try(): void {
    const { environment, settings, logger } = this.context;
    if (this.running !== undefined || environment.now() < this.nextAt) return;
    this.nextAt = environment.now() + LOOK_MS;
    this.running = this.attempt()
      .catch((error: unknown) => {
        this.nextAt = environment.now() + settings.swapMs;
        logger.warn('A swap failed and is tried again.', {
          generation: this.build.generation.id,
          error: String(error),
        });
      })
      .finally(() => (this.running = undefined));
  }

  private async attempt(): Promise<void> {
    const { environment, settings, logger } = this.context;
    if (!(await this.isCaughtUp())) return;
    const { generation, definition } = this.build;
    const by = generation.startedBy;
    const end = await new SwapIn(this.context).attempt({
      generation,
      by,
      reads: definition.reads,
      built: () => this.built(),
      onAsk: (swap) => this.build.noteAsked(swap),
    });
    this.nextAt = environment.now() + (end === 'handed-back' ? settings.swapMs : AGAIN_MS);
    if (end !== 'done' || (await this.build.fresh()) === undefined) return;
    logger.info('A generation is live.', { generation: generation.id, startedBy: by });
  }

  /** Near enough for the rest to be read while the live generation is held; whether those of other processes are too is for them to show. */
  private async isCaughtUp(): Promise<boolean> {
    const { topic, view } = this.build;
    if (topic !== undefined) return topic.isNear(view);
    const times = view.held.map((partition) => view.timeOf(partition));
    const now = secondsOf(await this.context.connection.feed.now());
    return times.length > 0 && times.every((time) => time !== undefined && now - secondsOf(time) <= NEAR_SECONDS);
  }

  /** What the build comes to. */
  private built(): GenerationProgress {
    const { parts } = this.build;
    const processed = parts.reduce((sum, part) => sum + part.processed, 0);
    return { processed, total: processed, rate: parts.reduce((sum, part) => sum + part.rate, 0) };
  }
}
