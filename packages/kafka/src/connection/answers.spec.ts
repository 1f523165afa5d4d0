import { isTransportUnavailable, type RefusedMessage } from '@nestfold/core';
import type { Kafka } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { RefusedMessages } from '../publish/refused-messages.js';
import { TopicAdmin } from '../topic/topic-admin.js';

/** A client whose connections answer when the test says so. */
function scripted() {
  const made: { silent(): void; fail(): void; isConnected: boolean }[] = [];
  const client = () => {
    const waiting: ((error: Error) => void)[] = [];
    const asked = (): Promise<never> => new Promise((_resolve, reject) => waiting.push(reject));
    const one = {
      isConnected: false,
      silent: (): void => undefined,
      /** The request that has waited longest fails. */
      fail: (): void => waiting.shift()!(new Error('refused')),
    };
    made.push(one);
    return {
      on: (name: string, listener: (event: object) => void) => {
        if (name.endsWith('.network.request_timeout'))
          one.silent = () => listener({ payload: { apiName: 'Produce', broker: 'here:9092' } });
      },
      connect: async () => void (one.isConnected = true),
      disconnect: async () => void (one.isConnected = false),
      send: asked,
      listTopics: asked,
    };
  };
  return { made, kafka: { producer: client, admin: client } as unknown as Kafka };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const refused = { topic: 'order', partition: 0, offset: 1, reason: 'odd', consumer: 'orders' } as RefusedMessage;

describe.each([
  [
    'what keeps refused messages',
    (kafka: Kafka) => new RefusedMessages(kafka),
    (one: unknown) => (one as RefusedMessages).keep(refused),
  ],
  [
    'what looks at topics',
    (kafka: Kafka) => new TopicAdmin(kafka, 1),
    (one: unknown) => (one as TopicAdmin).reach('order'),
  ],
] as const)('%s', (_name, make, ask) => {
  // Without the listener it waited until the client gave up, three minutes later, and asked on the same connection again.
  it('leaves a connection on which a request stays unanswered, and all who waited are told [K-16]', async () => {
    const { made, kafka } = scripted();
    const one = make(kafka);
    const both = [ask(one), ask(one)];
    await turn();
    made[0]!.silent();
    for (const asked of both) {
      await expect(asked).rejects.toSatisfy(isTransportUnavailable);
      await expect(asked).rejects.toThrow('here:9092 leaves a request unanswered: Produce');
    }
    void ask(one).catch(() => undefined);
    await turn();
    expect(made.map(({ isConnected }) => isConnected)).toEqual([false, true]);
    await one.close();
    expect(made.map(({ isConnected }) => isConnected)).toEqual([false, false]);
  });

  // Without the comparison the one that failed later forgot the connection of others: nobody ever closed it.
  it('leaves the connection that failed, and no other that was made since', async () => {
    const { made, kafka } = scripted();
    const one = make(kafka);
    const [early, late] = [ask(one), ask(one)];
    await turn();
    made[0]!.fail();
    await expect(early).rejects.toSatisfy(isTransportUnavailable);
    const next = ask(one);
    await turn();
    made[0]!.fail();
    await expect(late).rejects.toSatisfy(isTransportUnavailable);
    const last = ask(one);
    await turn();
    expect(made.map(({ isConnected }) => isConnected)).toEqual([false, true]);
    await one.close();
    expect(made.map(({ isConnected }) => isConnected)).toEqual([false, false]);
    made[1]!.silent();
    for (const asked of [next, last]) await expect(asked).rejects.toSatisfy(isTransportUnavailable);
  });
});
