import {
  parkedStreamId,
  partitionOf,
  type Generation,
  type ParkedStream,
  type StoreTime,
  type StreamName,
} from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';
import { inTime } from '../running/in-time.js';
import { partitionKey } from '../running/keys.js';

/** How far one generation is with a stream. */
export interface StreamStanding {
  /** Everything of the partition before it was applied, or is held back. */
  readonly floor: StoreTime | undefined;
  /** The version that was applied last, as far as it is noted. */
  readonly applied: number;
  readonly held: ParkedStream | undefined;
}

interface Question {
  readonly streams: Set<StreamName>;
  readonly answer: Promise<(stream: StreamName) => StreamStanding>;
}

/**
 * Looks at what is stored for those who wait, a partition at a time: whoever asks while a look is on its way is answered by the next one, together with all
 * others who came meanwhile. So a thousand who wait for one partition are one question, and no answer is older than its asking.
 */
export class StreamLooks {
  /** Questions that have not begun, and looks on their way, by partition. */
  private readonly open = new Map<string, Question>();
  private readonly looking = new Map<string, Promise<unknown>>();

  constructor(private readonly context: Pick<EngineContext, 'connection' | 'environment'>) {}

  /** Throws `StoreUnavailable`, to all who asked together. */
  async at(generation: Generation, stream: StreamName): Promise<StreamStanding> {
    const key = partitionKey(generation, partitionOf(stream, generation.partitions));
    const question = this.open.get(key) ?? this.opened(key, generation);
    question.streams.add(stream);
    return (await question.answer)(stream);
  }

  private opened(key: string, generation: Generation): Question {
    const streams = new Set<StreamName>();
    const former = this.looking.get(key) ?? Promise.resolve();
    const answer = former.then(() => {
      this.open.delete(key);
      const silence = `Nobody answers how far '${key}' is. Try again later.`;
      return inTime(this.context.environment, this.look(key, generation, [...streams]), silence);
    });
    const over: Promise<void> = answer.then(
      () => this.ended(key, over),
      () => this.ended(key, over),
    );
    this.looking.set(key, over);
    const question = { streams, answer };
    this.open.set(key, question);
    return question;
  }

  private ended(key: string, look: Promise<unknown>): void {
    if (this.looking.get(key) === look) this.looking.delete(key);
  }

  /**
   * What a parking could contradict (floor and watermark) is read first, for a stream is parked before the floor rises above what it holds, and what is
   * free again was applied.
   */
  private async look(
    key: string,
    generation: Generation,
    streams: readonly StreamName[],
  ): Promise<(stream: StreamName) => StreamStanding> {
    const { checkpoints, parked } = this.context.connection;
    const [checkpoint, marks] = await Promise.all([checkpoints.find(key), checkpoints.watermarks(key, streams)]);
    const held = await parked.among(streams.map((stream) => parkedStreamId(generation.id, stream)));
    const heldById = new Map(held.map((one) => [one.id, one]));
    return (stream) => ({
      floor: checkpoint?.floor,
      applied: marks.get(stream)?.applied ?? 0,
      held: heldById.get(parkedStreamId(generation.id, stream)),
    });
  }
}
