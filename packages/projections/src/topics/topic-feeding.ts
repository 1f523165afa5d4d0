import {
  ConfigurationError,
  type Checkpoint,
  type Generation,
  type TopicPosition,
  type TopicReader,
  type TransportConnection,
} from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import type { EngineContext } from '../running/engine-context.js';
import type { FeedingSource } from '../running/feeding-options.js';
import type { GenerationView } from '../running/generation-view.js';
import { slicesOf } from '../running/keys.js';
import type { RunnerView } from '../running/runner-view.js';
import { unfitArrival } from '../publishing/unfit-arrival.js';
import { TopicFollower } from './topic-follower.js';
import { assertPartitions } from './topic-watch.js';

/** A build that is further behind need not ask whether it can be swapped in. */
const NEAR_MESSAGES = 1_000;

/** The topic from which one generation is fed, as this process reads it: one reader for all its partitions. */
export class TopicFeeding {
  private reader: TopicReader | undefined;

  constructor(
    private readonly context: EngineContext,
    private readonly transport: TransportConnection,
    private readonly definition: ProjectionDefinition,
    private readonly generation: Generation,
    readonly topic: string,
  ) {}

  /** Of a generation whose projection reads a topic; `undefined` of others. */
  static of(
    context: EngineContext,
    definition: ProjectionDefinition,
    generation: Generation,
  ): TopicFeeding | undefined {
    const { transport } = context;
    const { source } = definition;
    return source && transport && new TopicFeeding(context, transport, definition, generation, source.topic);
  }

  /** What feeds one partition from the stored place on. Throws `ConfigurationError` where that is a place in the store, or the topic has been divided anew. */
  async source(
    partition: number,
    { key, position, floor }: Checkpoint,
    view: RunnerView,
    atEnd: () => Promise<void>,
  ): Promise<FeedingSource> {
    const { context, transport, definition, generation, topic } = this;
    assertPartitions(generation, topic, (await transport.reach(topic)).length);
    const slices = slicesOf(generation, partition);
    this.reader ??= transport.reader(generation.id, topic);
    const follower = new TopicFollower({
      transport,
      reader: this.reader,
      topic,
      partition,
      ...(slices && { slices }),
      consumer: definition.name,
      logger: context.logger,
      types: definition.events.map(({ name }) => name),
      unfit: (event, id) => unfitArrival(context.types, event, id),
      position: topicPlace(position, key),
      floor,
      watermarks: (streams) => context.connection.checkpoints.watermarks(key, streams),
      atEnd,
      onBehind: (messages) => view.isBehind(messages),
    });
    return { position: follower.place, floor, next: () => follower.next(), close: () => follower.close() };
  }

  /** Whether so little is left that the rest can be read while the live generation is held. */
  isNear(view: GenerationView): boolean {
    const { held } = view;
    return held.length > 0 && held.every((partition) => (view.behindOf(partition) ?? Infinity) <= NEAR_MESSAGES);
  }

  async close(): Promise<void> {
    const { reader } = this;
    this.reader = undefined;
    await reader?.close();
  }
}

function topicPlace(position: Checkpoint['position'], key: string): TopicPosition | undefined {
  if (position === undefined || position.phase === 'topic') return position;
  throw new ConfigurationError(
    `'${key}' followed the store and is to be fed from a topic now: raise the projection's version, so that it is built from its new source beside the old one.`,
    { key },
  );
}
