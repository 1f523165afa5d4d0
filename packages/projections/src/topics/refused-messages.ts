import {
  isTransportUnavailable,
  NotFound,
  parkedStreamId,
  type KeptMessage,
  type ParkedStream,
  type TransportConnection,
} from '@nestfold/core';
import type { DeadLetters } from '../parking/dead-letters.js';
import type { EngineContext } from '../running/engine-context.js';
import { untilAborted } from '../running/until-aborted.js';

/** A message that was refused on arrival. */
export interface RefusedTopicMessage extends KeptMessage {
  /** The dead letter whose stream waits behind it, in a projection that this process has compiled; missing where nothing waits. */
  readonly deadLetter?: string;
}

/** Which refused messages of a topic to list. */
export interface RefusedMessagesQuery {
  /** At most so many, up to 200. Default 50. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: number;
}

/** Some refused messages, the oldest first. */
export interface RefusedMessagesPage {
  readonly messages: readonly RefusedTopicMessage[];
  /** How many are kept of the topic, those that were redriven included. */
  readonly kept: number;
  /** Missing on the last page. */
  readonly next?: number;
}

/** What a redrive of a topic has asked for. */
export interface RefusedRedrive {
  readonly topic: string;
  /** So many streams wait behind a refused message, and are tried again. */
  readonly streams: number;
}

const [LIMIT, MOST, COUNTING_MS] = [50, 200, 2_000];
/** Of an event that was not fit when it arrived; what a method threw has another. */
const UNFIT = 'event.invalid';

/** What was refused of topics, and another try of what waits behind it. `projections`: those of this process, with the topic that they read. */
export class RefusedMessages {
  constructor(
    private readonly context: EngineContext,
    private readonly letters: DeadLetters,
    private readonly projections: readonly { readonly name: string; readonly topic: string | undefined }[],
  ) {}

  /** Throws `NotFound` for the topic, and `TransportUnavailable`. */
  async list(topic: string, { limit = LIMIT, after }: RefusedMessagesQuery): Promise<RefusedMessagesPage> {
    const transport = this.transportOf(topic);
    const most = Math.min(MOST, Math.max(1, limit));
    const { messages, kept } = await transport.refused(topic, {
      limit: most + 1,
      ...(after !== undefined && { after }),
    });
    const page = messages.slice(0, most);
    const next = messages.length > most ? page.at(-1)?.id : undefined;
    return { messages: await this.withLetters(topic, page), kept, ...(next !== undefined && { next }) };
  }

  /** Throws `NotFound` for the topic. */
  async redrive(topic: string, by: string): Promise<RefusedRedrive> {
    this.transportOf(topic);
    let streams = 0;
    for (const projection of this.readersOf(topic))
      for (let after: string | undefined, more = true; more; more = after !== undefined) {
        const page = await this.letters.list({ projection, limit: 500, ...(after !== undefined && { after }) });
        for (const { id, error } of page.deadLetters)
          if (error.code === UNFIT && (await this.letters.retry(id, by))) streams += 1;
        after = page.next;
      }
    return { topic, streams };
  }

  /** By dead letter: the owner parks the stream in the batch that passes the message, so it may come a moment after it. */
  private async withLetters(topic: string, messages: readonly KeptMessage[]): Promise<readonly RefusedTopicMessage[]> {
    const readers = this.readersOf(topic);
    const generations = new Map(
      await Promise.all(readers.map(async (name) => [name, await this.letters.generations(name)] as const)),
    );
    return Promise.all(
      messages.map(async (message) => {
        const { stream, consumer } = message;
        const ids =
          stream === undefined ? [] : (generations.get(consumer) ?? []).map((one) => parkedStreamId(one, stream));
        const parked = await Promise.all(ids.map((id) => this.context.connection.parked.get(id)));
        const waiting = parked.find((one): one is ParkedStream => one !== undefined);
        return { ...message, ...(waiting && { deadLetter: waiting.id }) };
      }),
    );
  }

  private readersOf(topic: string): string[] {
    return this.projections.filter((one) => one.topic === topic).map(({ name }) => name);
  }

  private transportOf(topic: string): TransportConnection {
    const { transport } = this.context;
    if (transport?.topics.some(({ name }) => name === topic) === true) return transport;
    throw new NotFound('topic', topic);
  }
}

/** How many messages are kept that were refused of a topic; `undefined` where the broker does not say so soon. */
export async function refusedOf({ transport, environment }: EngineContext, topic: string): Promise<number | undefined> {
  const over = new AbortController();
  void environment.sleep(COUNTING_MS, over.signal).then(() => over.abort());
  try {
    const counting = transport?.refused(topic, { limit: 0 });
    return counting && (await untilAborted(counting, over.signal))?.kept;
  } catch (error) {
    if (!isTransportUnavailable(error)) throw error;
    return undefined;
  } finally {
    over.abort();
  }
}
