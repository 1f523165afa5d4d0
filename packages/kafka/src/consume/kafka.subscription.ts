import { setImmediate as turn } from 'node:timers/promises';
import {
  TopicCut,
  TopicReplaced,
  TransportUnavailable,
  type NextOptions,
  type PartitionReach,
  type TopicBatch,
  type TopicMessage,
  type TopicSubscription,
} from '@nestfold/core';
import type { KafkaMessage } from 'kafkajs';
import { relayedCommitOf } from '../wire/read-message.js';
import { Unreadable } from '../wire/unreadable.js';

/** What a subscription asks of the consumer that feeds it. */
export interface Spring {
  readonly topic: string;
  readonly partition: number;
  reach(): Promise<PartitionReach>;
  /** The buffer is short again. */
  thirsty(): void;
  /** What waits is less than enough to work on. */
  low(): void;
  closed(): void;
  /** Throws `Unreadable` for a message that is not to be believed. */
  check(message: KafkaMessage): void;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/**
 * From here on the broker is asked for nothing more, until some of it is taken. A client that was told to pause looks again after a fifth of a second: what is
 * left by then has to be enough to work on.
 */
const BUFFERED_MESSAGES = 20_000;
const BUFFERED_BYTES = 8 * 1024 * 1024;
/** To work on while more is fetched. What waits longer outlives the collector's young generation, which makes it dear. */
const ENOUGH_MESSAGES = 2_500;
/** More often than a client can have answers under way that it asked for before it was told to seek. */
const ASKED = 5;

/** Without a reason each of them would be an error with a stack, which is dear for something that happens with every batch. */
const CAME = 'came';

/** A place in one partition, and what was fetched behind it. Messages are read when they are taken: what waits is not held twice. */
export class KafkaSubscription implements TopicSubscription {
  private readonly buffer: KafkaMessage[] = [];
  private bytes = 0;
  /** The offset behind what was fetched, and behind what was taken. */
  private fetched: number;
  private taken: number;
  private end: number | undefined;
  /** Offsets were passed over: by a broker that has none there, or since they were cut. */
  private gapAt: number | undefined;
  /** Whether the first offset was there. */
  private isLooked = false;
  /** How often in a row something else came. */
  private missed = 0;
  private failure: Error | undefined;
  private came = new AbortController();

  constructor(
    private readonly spring: Spring,
    from: number,
  ) {
    this.fetched = from;
    this.taken = from;
  }

  /** The offset to fetch next. */
  get wanted(): number {
    return this.fetched;
  }

  get isFull(): boolean {
    return this.buffer.length >= BUFFERED_MESSAGES || this.bytes >= BUFFERED_BYTES;
  }

  /** Whether nothing more need be fetched for now. */
  get hasEnough(): boolean {
    return this.buffer.length >= ENOUGH_MESSAGES;
  }

  async next({ max, waitMs }: NextOptions): Promise<TopicBatch> {
    if (!this.isLooked) await this.look(this.taken);
    // Or a backlog would be read at one go, and what the database has answered meanwhile would wait for its end.
    if (this.buffer.length > 0) await turn();
    else if (this.failure === undefined) {
      this.came = new AbortController();
      await this.spring.sleep(waitMs, this.came.signal);
    }
    if (this.failure !== undefined) throw this.failure;
    if (this.gapAt !== undefined) await this.look(this.gapAt);
    this.gapAt = undefined;
    const { isFull: wasFull, hasEnough: hadEnough } = this;
    const messages = this.buffer.splice(0, max);
    for (const message of messages) this.bytes -= bytesOf(message);
    if (hadEnough && !this.hasEnough) this.spring.low();
    if (wasFull && !this.isFull) this.spring.thirsty();
    const last = messages.at(-1);
    if (last !== undefined) this.taken = Number(last.offset) + 1;
    return {
      messages: messages.map((message) => this.read(message)),
      next: this.taken,
      end: Math.max(this.end ?? 0, this.taken),
    };
  }

  async close(): Promise<void> {
    this.fail(new TransportUnavailable('The subscription was closed.'));
    this.buffer.length = 0;
    this.spring.closed();
  }

  /**
   * Takes what was fetched, where it is what is wanted next. What was fetched before that is dropped; and what lies behind it was asked for before this
   * subscription sought its place, or a rebalance lost it: then nothing is taken, and the answer is false: seek, and fetch again. Only what is not
   * there however often it is asked for is a hole of the broker's.
   */
  push(messages: readonly KafkaMessage[], end: number): boolean {
    this.end = Math.max(this.end ?? 0, end);
    const wanted = messages.filter(({ offset }) => Number(offset) >= this.fetched);
    const [first] = wanted;
    // A partition that ends before what was read from it is another one.
    if (first === undefined && end < this.fetched) this.doubt();
    if (first === undefined) return true;
    if (Number(first.offset) > this.fetched) {
      this.missed += 1;
      if (this.missed < ASKED) return false;
      this.doubt();
    }
    this.missed = 0;
    for (const message of wanted) {
      this.buffer.push(message);
      this.bytes += bytesOf(message);
    }
    this.fetched = Number(wanted.at(-1)!.offset) + 1;
    this.came.abort(CAME);
    return true;
  }

  /** The broker is asked before anything more is answered. */
  private doubt(): void {
    this.gapAt ??= this.fetched;
    this.came.abort(CAME);
  }

  /** Ends it: from now on `next` throws. */
  fail(error: Error): void {
    this.failure ??= error;
    this.came.abort(CAME);
    this.spring.low();
  }

  private read(message: KafkaMessage): TopicMessage {
    const offset = Number(message.offset);
    try {
      this.spring.check(message);
      return { offset, relayed: relayedCommitOf(message), raw: message };
    } catch (error) {
      if (error instanceof Unreadable) return { offset, problem: error.message, raw: message };
      throw error;
    }
  }

  /** A client that is asked for an offset that is not there begins elsewhere without a word: so this looks by itself. */
  private async look(offset: number): Promise<void> {
    const { topic, partition } = this.spring;
    const { earliest, end } = await this.spring.reach();
    if (earliest > offset) throw new TopicCut(topic, partition, offset, earliest);
    if (end < offset) throw new TopicReplaced(topic, partition, offset, end);
    this.end = Math.max(this.end ?? 0, end);
    this.isLooked = true;
  }
}

function bytesOf({ key, value }: KafkaMessage): number {
  return (key?.length ?? 0) + (value?.length ?? 0) + 500;
}
