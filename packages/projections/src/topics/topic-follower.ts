import {
  categoryOf,
  isInSlices,
  lastVersionOf,
  type Commit,
  type Logger,
  type SliceRange,
  type StoredEvent,
  type StoreTime,
  type StreamName,
  type TopicMessage,
  type TopicPosition,
  type TopicReader,
  type TopicSubscription,
  type TransportConnection,
  type Watermark,
} from '@nestfold/core';
import type { Delivery, Stretch } from '../following/delivery.js';
import { later } from '../following/store-clock.js';
import { storeOf } from '../relaying/filling.js';
import { SeenStreams } from './seen-streams.js';
import { TopicDelivery, TopicPlace } from './topic-place.js';
import { SourceRestored } from './topic.errors.js';

/** What a follower of a topic's partition reads, and for whom. */
export interface TopicFollowerOptions {
  readonly transport: TransportConnection;
  readonly reader: TopicReader;
  readonly topic: string;
  readonly partition: number;
  /** The streams that belong to the partition. */
  readonly slices?: SliceRange;
  /** The projection, for those who look at what it refused. */
  readonly consumer: string;
  readonly logger: Logger;
  /** The stored names of the events that are wanted; other commits are passed over. */
  readonly types: readonly string[];
  /** Why an event that has arrived cannot be taken; `undefined` for a good one, and for those of one's own making. */
  readonly unfit: (event: StoredEvent, id: string) => string | undefined;
  /** Missing: from the beginning. */
  readonly position: TopicPosition | undefined;
  readonly floor: StoreTime | undefined;
  readonly watermarks: (streams: readonly StreamName[]) => Promise<ReadonlyMap<StreamName, Watermark>>;
  /** Called once, when all that stood in the partition was read: what is to be done while nothing is in a hurry. */
  readonly atEnd: () => Promise<void>;
  /** Hears how many messages are left. */
  readonly onBehind: (messages: number) => void;
}

/** A stretch is read without a pause: what else the process does waits so long. */
const [MESSAGES, WAIT_MS] = [1_000, 100];

/**
 * Delivers the commits of one partition of a topic, each once and in the order of its stream, as `Follower` does those of the store. A relay sends
 * again what it is not sure of, and a ghost of one anything: what comes a second time is dropped by the version that its stream has reached, and
 * what a relay sends whose token is not the highest is dropped unseen. What cannot be a commit of this partition at its place is
 * refused, which keeps it for operators, and stops nothing.
 * After an error of `next` the follower is to be closed, and another begun from the stored position.
 */
export class TopicFollower {
  private at: TopicPlace;
  private floor: StoreTime | undefined;
  private subscription: TopicSubscription | undefined;
  private readonly seen: SeenStreams;
  private readonly wanted: ReadonlySet<string>;
  private readonly categories: ReadonlySet<string>;
  private hasEnded = false;

  constructor(private readonly options: TopicFollowerOptions) {
    const { position, partition, floor, watermarks, transport, topic } = options;
    this.categories = new Set(transport.topics.find(({ name }) => name === topic)?.categories);
    this.at = TopicPlace.of(partition, position);
    this.floor = floor;
    this.seen = new SeenStreams(watermarks, position === undefined);
    this.wanted = new Set(options.types);
  }

  /** Where it stands. */
  get place(): TopicPosition {
    return this.at.toPosition();
  }

  /**
   * The next stretch, at the latest after a tenth of a second. Throws `TransportUnavailable` and `StoreUnavailable` (retry with back-off), `TopicCut`,
   * `TopicReplaced` and `SourceRestored`.
   */
  async next(): Promise<Stretch> {
    const { reader, partition, onBehind } = this.options;
    this.subscription ??= reader.open(partition, this.at.next);
    const { messages, next, end } = await this.subscription.next({ max: MESSAGES, waitMs: WAIT_MS });
    this.seen.forgetOldest();
    await this.seen.learn(() => messages.flatMap((one) => ('relayed' in one ? one.relayed.commit.stream : [])));
    const deliveries: Delivery[] = [];
    for (const message of messages) {
      const problem = this.take(message, deliveries);
      // Kept before anything behind it is taken: or a crash would lose it. Waited for only then: of most there is nothing to wait for.
      if (problem !== undefined) await this.refuse(message, problem);
      // Of one that was delivered it is there already.
      if (this.at.next !== message.offset + 1) this.at = this.at.passedTo(message.offset + 1);
    }
    if (this.at.next !== next) this.at = this.at.passedTo(next);
    onBehind(end - next);
    if (next >= end && !this.hasEnded) {
      await this.options.atEnd();
      this.hasEnded = true;
    }
    return {
      deliveries,
      position: this.place,
      ...(this.floor !== undefined && { floor: this.floor }),
      read: messages.length,
      more: next < end,
    };
  }

  async close(): Promise<void> {
    await this.subscription?.close();
  }

  /** Delivers the commit of a message, if it is one, is new, is wanted and has its place here; answers what is wrong with it. */
  private take(message: TopicMessage, deliveries: Delivery[]): string | undefined {
    if (!('relayed' in message)) return message.problem;
    const { commit, relay } = message.relayed;
    const problem = this.problemOf(commit);
    if (problem !== undefined) return problem;
    const { epoch = relay.epoch, token } = this.at;
    // Of one store only: tokens of a restored one begin where its backup had them.
    if (relay.token < token && storeOf(relay.epoch) === storeOf(epoch)) return undefined;
    if (epoch !== relay.epoch) throw new SourceRestored(this.options.topic, epoch, relay.epoch);
    const seen = this.seen.of(commit.stream);
    const last = lastVersionOf(commit);
    if (last <= seen.version) return undefined;
    if (seen.isExact && commit.firstVersion !== seen.version + 1)
      return `It is version ${commit.firstVersion} of its stream, and comes after ${seen.version}.`;
    // Only of what has its place here, and is not there yet: a copy with another token would have all that follows it dropped.
    this.at = this.at.behind(message.relayed, message.offset + 1);
    if (relay.floor !== undefined) this.floor = later(this.floor, relay.floor);
    this.seen.note(commit.stream, last);
    if (!commit.events.some(({ type }) => this.wanted.has(type))) return undefined;
    // Also what is unfit: it has its place in the stream, and that it cannot be applied is what parks what comes behind it.
    deliveries.push(new TopicDelivery(commit, this.at));
    return this.unfitIn(commit);
  }

  private unfitIn({ stream, firstVersion, events }: Commit): string | undefined {
    for (const [index, event] of events.entries()) {
      if (!this.wanted.has(event.type)) continue;
      const problem = this.options.unfit(event, `${stream}:${firstVersion + index}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private problemOf({ stream }: Commit): string | undefined {
    if (!isInSlices(stream, this.options.slices)) return 'Its stream belongs to another partition.';
    const category = categoryOf(stream);
    return this.categories.has(category) ? undefined : `The topic carries no streams of '${category}'.`;
  }

  private async refuse(message: TopicMessage, reason: string): Promise<void> {
    const { transport, topic, partition, consumer, logger } = this.options;
    const { offset, raw } = message;
    logger.error('A message of a topic is refused.', { topic, partition, offset, consumer, reason });
    const stream = 'relayed' in message ? message.relayed.commit.stream : undefined;
    await transport.refuse({
      topic,
      partition,
      offset,
      reason,
      consumer,
      ...(stream !== undefined && { stream }),
      ...(raw !== undefined && { raw }),
    });
  }
}
