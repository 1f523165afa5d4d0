import { setImmediate } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { TopicAdmin } from './topic-admin.js';

describe('TopicAdmin', () => {
  // Fails where the missing topic is told of within `ask`: "Making topics failed: Not connected", while the broker answers.
  it('goes on making a topic while somebody learns that it is not there yet', async () => {
    let make: () => void = () => undefined;
    const made = new Promise<void>((done) => (make = done));
    const admin = new TopicAdmin(brokerWhere(made), undefined);
    const making = admin.prepare([{ name: 'ticket', categories: ['ticket'], partitions: 1 }]);
    await expect(admin.reach('ticket')).rejects.toThrow("There is no topic 'ticket' yet");
    make();
    await expect(making).resolves.toBeUndefined();
  });

  // Fails where the age of the connection is not looked at: what was asked on the new one ended with "Closed connection" as soon as a reader's older request was given up, too.
  it.each([
    { what: 'before its connection was begun goes on', after: -1_000, ends: 'resolved' },
    { what: 'since then fails at once', after: 1_000, ends: 'rejected' },
  ])(
    'whose question is under way when another request stays unanswered that was sent $what',
    async ({ after, ends }) => {
      let make: () => void = () => undefined;
      const made = new Promise<void>((done) => (make = done));
      const admin = new TopicAdmin(brokerWhere(made), undefined);
      const making = admin.prepare([{ name: 'ticket', categories: ['ticket'], partitions: 1 }]);
      const ended = making.then(
        () => 'resolved',
        () => 'rejected',
      );
      await setImmediate();
      admin.renew(Date.now() + after);
      await setImmediate();
      make();
      expect(await ended).toBe(ends);
    },
  );
});

/** A broker without topics, which makes one when it is told to; whoever has disconnected gets no answer. */
function brokerWhere(told: Promise<void>): Kafka {
  const admin = () => {
    let isConnected = true;
    return {
      on: () => undefined,
      connect: () => Promise.resolve(),
      disconnect: () => Promise.resolve((isConnected = false)),
      listTopics: () => Promise.resolve([]),
      createTopics: () =>
        told.then(() => {
          if (!isConnected) throw new Error('Not connected');
        }),
      fetchTopicMetadata: () => Promise.resolve({ topics: [{ name: 'ticket', partitions: [{}] }] }),
      describeConfigs: () => Promise.resolve({ resources: [] }),
    };
  };
  return { admin } as unknown as Kafka;
}
