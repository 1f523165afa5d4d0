import {
  InMemoryBroker,
  InMemoryDatabase,
  partitionOf,
  systemEnvironment,
  type Commit,
  type Environment,
  type StoreConnection,
  type TransportConnection,
} from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { ending, endEnginesAfterEach, place } from '../fixtures/engines.fixture.js';
import { Mortal } from '../fixtures/mortal.fixture.js';
import { touch } from '../fixtures/one-stream.fixture.js';
import { log, memory } from '../fixtures/store.fixture.js';
import { onTopics, publishingBy, transportTo } from '../topics/topics.fixture.js';

/** The commits of a topic in the order of its partitions, each the first time that it comes; throws where one comes too early. */
function firstOf(broker: InMemoryBroker, topic: string): ReadonlyMap<string, readonly Commit[]> {
  const streams = new Map<string, Commit[]>();
  for (const { messages } of broker.topics.get(topic) ?? [])
    for (const message of messages) {
      if (!('relayed' in message)) throw new Error(message.problem);
      const { commit } = message.relayed;
      const stream = streams.get(commit.stream) ?? [];
      const seen = stream.reduce((sum, { events }) => sum + events.length, 0);
      if (commit.firstVersion > seen + 1) throw new Error(`${commit.stream}:${commit.firstVersion} after ${seen}`);
      if (commit.firstVersion === seen + 1) stream.push(commit);
      streams.set(commit.stream, stream);
    }
  return streams;
}

async function storedOf(store: StoreConnection): Promise<ReadonlyMap<string, readonly Commit[]>> {
  const streams = new Map<string, Commit[]>();
  for (const commit of await log(store)) streams.set(commit.stream, [...(streams.get(commit.stream) ?? []), commit]);
  return streams;
}

/** How many messages the topic holds, those sent again included. */
function countOf(broker: InMemoryBroker, topic: string): number {
  return (broker.topics.get(topic) ?? []).reduce((sum, { messages }) => sum + messages.length, 0);
}

/** A transport of a process that is killed: what it has not sent by then is not sent. */
function dyingWith(mortal: Mortal, transport: TransportConnection): TransportConnection {
  return publishingBy(transport, async (topic, commits) => {
    await systemEnvironment.sleep(5);
    return mortal.isDead ? new Promise(() => undefined) : transport.publish(topic, commits);
  });
}

describe('relay', () => {
  endEnginesAfterEach();

  it('fills a topic with what was stored before and what comes after, each stream in the partition of its slice [K-1]', async () => {
    const [store, broker] = [await memory(), new InMemoryBroker()];
    for (let index = 0; index < 50; index += 1) await touch(store, 8);
    const engine = ending(onTopics(store, await transportTo(broker), ['relay']));
    await engine.start();
    for (let index = 0; index < 50; index += 1) await touch(store, 8);
    await touch(store, 3, 'parcel');

    const stored = new Map([...(await storedOf(store))].filter(([stream]) => stream.startsWith('order-')));
    await vi.waitFor(() => expect(firstOf(broker, 'order')).toEqual(stored), 10_000);
    broker.topics
      .get('order')!
      .forEach(({ messages }, partition) =>
        messages.forEach((message) =>
          expect('relayed' in message && partitionOf(message.relayed.commit.stream, 3)).toBe(partition),
        ),
      );
    expect(countOf(broker, 'order')).toBe(100);
  });

  it('sends nothing twice after an orderly stop', async () => {
    const [database, broker] = [new InMemoryDatabase(), new InMemoryBroker()];
    const store = await memory(database);
    for (let run = 0; run < 3; run += 1) {
      const engine = onTopics(await memory(database), await transportTo(broker), ['relay']);
      await engine.start();
      for (let index = 0; index < 20; index += 1) await touch(store, 5);
      await vi.waitFor(() => expect(countOf(broker, 'order')).toBe(20 * (run + 1)), 10_000);
      await engine.stop();
    }
    expect(countOf(broker, 'order')).toBe(60);
  });

  // With a place that is saved before the broker's answer (`sent` before `insist`) commits are missing.
  // Each kill strikes while a batch is on its way.
  it('loses nothing and breaks no order when its process is killed at any call to the store [K-1]', async () => {
    const [database, broker] = [new InMemoryDatabase(), new InMemoryBroker()];
    const store = await memory(database);
    let kills = 0;
    for (let call = 1; call <= 6; call += 1) {
      const mortal = new Mortal(await memory(database), {
        of: 'writer.write',
        call,
        when: call % 2 ? 'before' : 'after',
      });
      const engine = onTopics(mortal.connection, dyingWith(mortal, await transportTo(broker)), ['relay']);
      await engine.start();
      mortal.arm();
      await vi.waitFor(
        async () => {
          await touch(store, 5);
          expect(mortal.isDead).toBe(true);
        },
        { timeout: 20_000, interval: 40 },
      );
      kills += 1;
      void engine.stop();
      await systemEnvironment.sleep(0);
    }
    const survivor = ending(onTopics(await memory(database), await transportTo(broker), ['relay']));
    await survivor.start();
    const stored = await storedOf(store);
    await vi.waitFor(() => expect(firstOf(broker, 'order')).toEqual(stored), { timeout: 10_000 });
    expect(kills).toBe(6);
  }, 60_000);

  it('lets commands go on while the broker is away, and sends the rest when it is back [K-2]', async () => {
    const [store, broker] = [await memory(), new InMemoryBroker()];
    const engine = ending(onTopics(store, await transportTo(broker), ['relay']));
    await engine.start();
    await place(store, '1');
    await vi.waitFor(() => expect(countOf(broker, 'order')).toBe(1), 10_000);
    broker.isAway = true;
    for (let index = 0; index < 100; index += 1) await touch(store, 5);
    expect(countOf(broker, 'order')).toBe(1);
    broker.isAway = false;
    const stored = await storedOf(store);
    await vi.waitFor(() => expect(firstOf(broker, 'order')).toEqual(stored), { timeout: 5_000 });
  });

  it('sends a batch again of which the broker kept a part before it failed [K-1]', async () => {
    const [store, broker] = [await memory(), new InMemoryBroker()];
    const transport = await transportTo(broker);
    let failing = 6;
    const flaky = publishingBy(transport, async (topic, commits) => {
      failing -= 1;
      if (failing < 0) return transport.publish(topic, commits);
      await transport.publish(topic, commits.slice(0, failing));
      broker.isAway = true;
      await transport.publish(topic, commits.slice(failing)).finally(() => (broker.isAway = false));
    });
    for (let index = 0; index < 20; index += 1) await touch(store, 4);
    const engine = ending(onTopics(store, flaky, ['relay']));
    await engine.start();
    const stored = await storedOf(store);
    await vi.waitFor(() => expect(firstOf(broker, 'order')).toEqual(stored), { timeout: 5_000 });
    expect(countOf(broker, 'order')).toBeGreaterThan(20);
  });

  // Without the linger there are some twenty batches; with one before each batch instead the lone commit comes late.
  it('lets a lone commit leave at once, and together what follows closely', async () => {
    const [store, broker] = [await memory(), new InMemoryBroker()];
    const transport = await transportTo(broker);
    const batches: number[] = [];
    const counting = publishingBy(transport, async (topic, commits) => {
      if (topic === 'order') batches.push(commits.length);
      await transport.publish(topic, commits);
    });
    const engine = ending(onTopics(store, counting, ['relay'], [], { settings: { relayLingerMs: 2_000 } }));
    await engine.start();
    await engine.settled({ timeoutMs: 10_000 });

    await place(store, 'lone');
    await vi.waitFor(() => expect(countOf(broker, 'order')).toBe(1), { timeout: 1_000 });
    for (let index = 0; index < 20; index += 1) {
      await place(store, `close-${index}`);
      await systemEnvironment.sleep(5);
    }
    await vi.waitFor(() => expect(countOf(broker, 'order')).toBe(21), 10_000);
    expect(batches).toEqual([1, 20]);
  });

  // Measured by the clock alone it stood still until the clock had come to where it was.
  it('lingers no longer where the clock of its machine is set back', async () => {
    const [store, broker] = [await memory(), new InMemoryBroker()];
    let back = 0;
    const environment: Environment = { ...systemEnvironment, now: () => systemEnvironment.now() - back };
    const transport = await transportTo(broker);
    const setBack = publishingBy(transport, async (topic, commits) => {
      await transport.publish(topic, commits);
      back = 3_600_000;
    });
    const engine = ending(onTopics(store, setBack, ['relay'], [], { environment }));
    await engine.start();
    for (const [index, id] of ['one', 'two', 'three'].entries()) {
      await place(store, id);
      await vi.waitFor(() => expect(countOf(broker, 'order')).toBe(index + 1), 5_000);
    }
  });

  // Where a backlog lingers too it takes 3 s for each of its six parts. What came last may stand alone, and linger.
  it('does not linger over a backlog', async () => {
    const [store, broker] = [await memory(), new InMemoryBroker()];
    await Promise.all(Array.from({ length: 3_000 }, (_, index) => place(store, `${index}`)));
    const engine = ending(
      onTopics(store, await transportTo(broker), ['relay'], [], { settings: { relayLingerMs: 3_000 } }),
    );
    await engine.start();
    await vi.waitFor(() => expect(countOf(broker, 'order')).toBe(3_000), 10_000);
  }, 20_000);
});
