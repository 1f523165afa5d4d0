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
import { SharedQuestion } from '../running/shared-question.js';

/** How far one generation is with a stream. */
export interface StreamStanding {
  /** Everything of the partition before it was applied, or is held back. */
  readonly floor: StoreTime | undefined;
  /** The version that was applied last, as far as it is noted. */
  readonly applied: number;
  readonly held: ParkedStream | undefined;
}

/** What one look tells of the streams that it was asked for. */
type Look = (stream: StreamName) => StreamStanding;

/** Looks at what is stored for those who wait, a partition at a time: a thousand who wait for one partition are one question. */
export class StreamLooks {
  /** By partition, as long as somebody asks. */
  private readonly questions = new Map<string, SharedQuestion<StreamName, Look>>();

  constructor(private readonly context: Pick<EngineContext, 'connection' | 'environment'>) {}

  /** Throws `StoreUnavailable`, to all who asked together. */
  async at(generation: Generation, stream: StreamName): Promise<StreamStanding> {
    const key = partitionKey(generation, partitionOf(stream, generation.partitions));
    const question = this.questions.get(key) ?? this.opened(key, generation);
    try {
      return (await question.ask(stream))(stream);
    } finally {
      if (question.isIdle && this.questions.get(key) === question) this.questions.delete(key);
    }
  }

  private opened(key: string, generation: Generation): SharedQuestion<StreamName, Look> {
    const silence = `Nobody answers how far '${key}' is. Try again later.`;
    const question = new SharedQuestion((streams: readonly StreamName[]) =>
      inTime(this.context.environment, this.look(key, generation, streams), silence),
    );
    this.questions.set(key, question);
    return question;
  }

  /**
   * What a parking could contradict (floor and watermark) is read first, for a stream is parked before the floor rises above what it holds, and what is
   * free again was applied.
   */
  private async look(key: string, generation: Generation, streams: readonly StreamName[]): Promise<Look> {
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
