import { randomUUID } from 'node:crypto';
import { loadedVersion, statedVersion } from '@nestfold/core';
import { expect } from 'vitest';
import { fact } from '../contract-case.js';
import { expectRefusal } from '../outcome.js';
import { append, sampleAppend, sampleEvent } from '../sample-append.js';

/** What an append stores and answers, and what the guard refuses. */
export const appendCases = [
  fact(
    'numbers the events of a stream densely from 1, whichever commit holds them [W-2]',
    async ({ store, stream }) => {
      const name = stream();
      const first = await append(store, name, 'noStream', { count: 3 });
      const second = await append(store, name, loadedVersion(first.version), { count: 2 });
      expect([first.firstVersion, first.version]).toEqual([1, 3]);
      expect([second.firstVersion, second.version]).toEqual([4, 5]);
      const { commits, version } = await store.events.read(name);
      expect(commits.map((commit) => [commit.firstVersion, commit.events.length])).toEqual([
        [1, 3],
        [4, 2],
      ]);
      expect(version).toEqual(loadedVersion(5));
    },
  ),

  fact('stores what the commit says of itself', async ({ store, stream }) => {
    const name = stream();
    const metadata = {
      correlationId: randomUUID(),
      causationId: 'order-1:4',
      actor: { id: 'ada', roles: ['admin'] },
      tenant: 'north',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      custom: { channel: 'web' },
    };
    const commitId = randomUUID();
    const occurredAt = new Date('2020-02-29T12:00:00.123Z');
    const events = [sampleEvent({ a: 1 }, 'order.placed', 2), sampleEvent({ b: 'x' }, 'order.paid')];
    await store.events.append([
      { ...sampleAppend(name, 'noStream', { events, commitId, keyed: true, bodyHash: 'f00', occurredAt }), metadata },
    ]);
    const { commits } = await store.events.read(name);
    expect(commits).toMatchObject([
      { stream: name, firstVersion: 1, id: commitId, keyed: true, bodyHash: 'f00', events, metadata, occurredAt },
    ]);
    expect(commits[0]?.recordedAt).toBeInstanceOf(Date);
  }),

  fact(
    'says that a commit occurred when it was recorded, unless the appender says otherwise',
    async ({ store, stream }) => {
      const name = stream();
      await append(store, name, 'noStream');
      const head = await store.events.head(name);
      expect(head?.occurredAt).toBeInstanceOf(Date);
      expect(head?.occurredAt).toEqual(head?.recordedAt);
    },
  ),

  fact('leaves out of a commit what its appender left out', async ({ store, stream }) => {
    const name = stream();
    const given = sampleAppend(name, 'noStream');
    await store.events.append([given]);
    const head = await store.events.head(name);
    expect(head?.metadata).toStrictEqual(given.metadata);
    expect(head?.keyed).toBe(false);
    expect(head).not.toHaveProperty('bodyHash');
  }),

  fact(
    'answers a receipt with the commit, its version and a store time not before its own',
    async ({ store, stream }) => {
      const name = stream();
      const commitId = randomUUID();
      const receipt = await append(store, name, 'noStream', { commitId, count: 2 });
      const head = await store.events.head(name);
      expect(receipt).toMatchObject({ stream: name, commitId, firstVersion: 1, version: 2, repeated: false });
      expect(receipt.time >= (head?.time ?? 'none')).toBe(true);
    },
  ),

  fact('gives later commits later store times, also across streams [F-4]', async ({ store, stream }) => {
    const [one, other] = [stream(), stream()];
    await append(store, one, 'noStream');
    await append(store, other, 'noStream');
    await append(store, one, loadedVersion(1));
    const times = [await store.events.read(one), await store.events.read(other)].flatMap(({ commits }) => commits);
    const [first, third, second] = times.map((commit) => commit.time);
    expect([first, second, third]).toEqual([first, second, third].toSorted());
    expect(new Set(times.map((commit) => commit.time)).size).toBe(3);
  }),

  fact("refuses 'noStream' for a stream with events, and says where it ends", async ({ store, stream }) => {
    const name = stream();
    await append(store, name, 'noStream', { count: 2 });
    await expectRefusal(append(store, name, 'noStream'), 'stream.conflict', { stream: name, actual: 2 });
    expect((await store.events.read(name)).commits).toHaveLength(1);
  }),

  fact("refuses 'streamExists' for a stream without events", async ({ store, stream }) => {
    const name = stream();
    await expectRefusal(append(store, name, 'streamExists'), 'stream.conflict', { stream: name, actual: 0 });
    expect((await store.events.read(name)).version).toEqual(loadedVersion(0));
  }),

  fact("appends at the end with 'any' and 'streamExists'", async ({ store, stream }) => {
    const name = stream();
    expect((await append(store, name, 'any', { count: 2 })).version).toBe(2);
    expect((await append(store, name, 'streamExists')).version).toBe(3);
    expect((await append(store, name, 'any')).version).toBe(4);
  }),

  fact('refuses a loaded version behind which others have written', async ({ store, stream }) => {
    const name = stream();
    await append(store, name, 'noStream');
    await append(store, name, loadedVersion(1), { count: 2 });
    await expectRefusal(append(store, name, loadedVersion(1)), 'stream.conflict', { stream: name, actual: 3 });
    expect((await store.events.read(name)).version).toEqual(loadedVersion(3));
  }),

  fact('takes a stated version that is the head [W-11]', async ({ store, stream }) => {
    const name = stream();
    expect((await append(store, name, statedVersion(0))).version).toBe(1);
    expect((await append(store, name, statedVersion(1))).version).toBe(2);
  }),

  fact('refuses a stated version in the middle of a commit [W-11]', async ({ store, stream }) => {
    const name = stream();
    await append(store, name, 'noStream', { count: 3 });
    await expectRefusal(append(store, name, statedVersion(2)), 'stream.conflict', { stream: name, actual: 3 });
    expect((await store.events.read(name)).commits).toHaveLength(1);
  }),

  fact('refuses a stated version beyond the head [W-11]', async ({ store, stream }) => {
    const name = stream();
    await append(store, name, 'noStream', { count: 3 });
    await expectRefusal(append(store, name, statedVersion(4)), 'stream.conflict', { stream: name, actual: 3 });
    await expectRefusal(append(store, stream(), statedVersion(1)), 'stream.conflict', { actual: 0 });
    expect((await store.events.read(name)).commits).toHaveLength(1);
  }),

  fact('refuses an append without events', async ({ store, stream }) => {
    const name = stream();
    await expectRefusal(append(store, name, 'any', { events: [] }), 'event.invalid');
    expect(await store.events.head(name)).toBeUndefined();
  }),

  fact('keeps the events of one commit together [W-2]', async ({ store, stream }) => {
    const name = stream();
    await append(store, name, 'noStream', { count: 500 });
    const { commits } = await store.events.read(name);
    expect(commits).toHaveLength(1);
    expect(commits[0]?.events.map(({ data }) => (data as { index: number }).index)).toEqual(
      Array.from({ length: 500 }, (_, i) => i),
    );
  }),

  fact('stores the clock of the decision where the appender says it', async ({ store, stream }) => {
    const name = stream();
    const recordedAt = new Date('2021-03-04T05:06:07.089Z');
    await store.events.append([{ ...sampleAppend(name, 'noStream'), recordedAt }]);
    expect(await store.events.head(name)).toMatchObject({ recordedAt, occurredAt: recordedAt });
  }),

  fact(
    'takes no append after its connection is closed, and leaves other connections alone',
    async ({ store, connect, stream }) => {
      const name = stream();
      const closing = await connect();
      await append(closing, name, 'noStream');
      await closing.close();
      await expectRefusal(append(closing, name, 'any'), 'store.overloaded');
      expect((await append(store, name, loadedVersion(1))).version).toBe(2);
    },
  ),

  fact('names itself by an epoch that every connection sees', async ({ store, connect }) => {
    const other = await connect();
    const epoch = await store.events.epoch();
    expect(epoch).toMatch(/./);
    expect(await other.events.epoch()).toBe(epoch);
  }),
];
