import {
  InMemoryBroker,
  partitionOf,
  silentLogger,
  sliceRange,
  systemEnvironment,
  type Commit,
  type RelayMark,
  type TopicPosition,
  type TransportConnection,
  type Watermark,
} from '@nestfold/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { TopicFollower } from './topic-follower.js';
import { TOPICS, transportTo } from './topics.fixture.js';

const [PARTITION] = [1];
/** A stream that belongs to the partition. */
const mine = (index: number): string => {
  for (let id = index * 100; ; id += 1) if (partitionOf(`order-${id}`, 3) === PARTITION) return `order-${id}`;
};

function commitAt(stream: string, firstVersion: number, type = 'order.placed'): Commit {
  return {
    stream,
    firstVersion,
    id: '',
    keyed: false,
    events: [{ type, schema: 1, data: {} }],
    metadata: { correlationId: '', causationId: '' },
    occurredAt: new Date(0),
    recordedAt: new Date(0),
    time: firstVersion.toString(16).padStart(16, '0'),
  };
}

describe('follower of a topic', () => {
  let broker: InMemoryBroker;
  let transport: TransportConnection;
  let marks: Map<string, Watermark>;

  beforeEach(async () => {
    broker = new InMemoryBroker();
    transport = await transportTo(broker);
    await transport.prepare(TOPICS);
    marks = new Map();
  });

  function put(commit: Commit, relay: Partial<RelayMark> = {}, partition = PARTITION): void {
    broker.put('order', partition, { relayed: { commit, relay: { epoch: 'e', token: 1, ...relay } } });
  }

  function follower(position?: TopicPosition): TopicFollower {
    return new TopicFollower({
      transport,
      reader: transport.reader('test', 'order'),
      topic: 'order',
      partition: PARTITION,
      slices: sliceRange(PARTITION, 3),
      consumer: 'test',
      logger: silentLogger,
      types: ['order.placed'],
      position,
      floor: undefined,
      watermarks: async (streams) =>
        new Map(streams.flatMap((stream) => (marks.has(stream) ? [[stream, marks.get(stream)!]] : []))),
      atEnd: async () => undefined,
      unfit: () => undefined,
      onBehind: () => undefined,
    });
  }

  async function all(one = follower()): Promise<string[]> {
    const { deliveries } = await one.next();
    return deliveries.map(({ commit }) => `${commit.stream}:${commit.firstVersion}`);
  }

  it('delivers a message once, however often a relay sends it [K-3]', async () => {
    const [a, b] = [mine(1), mine(2)];
    for (const [stream, version] of [
      [a, 1],
      [b, 1],
      [a, 1],
      [a, 2],
      [b, 1],
      [a, 1],
      [a, 2],
      [a, 3],
    ] as const)
      put(commitAt(stream, version));
    expect(await all()).toEqual([`${a}:1`, `${b}:1`, `${a}:2`, `${a}:3`]);
    expect(broker.refused).toEqual([]);
  });

  // Without `seen.learn` (the watermarks) the second is applied again.
  it('drops what its owner before it took, by the watermarks [K-3]', async () => {
    const stream = mine(1);
    marks.set(stream, { stream, seen: 2, applied: 2 });
    for (const version of [1, 2, 3]) put(commitAt(stream, version));
    const position: TopicPosition = { phase: 'topic', next: { [PARTITION]: 1 }, token: 1, epoch: 'e' };
    expect(await all(follower(position))).toEqual([`${stream}:3`]);
  });

  // Without `isExact` in `note` of what was learned, the gap goes by unseen.
  it('refuses what comes after a gap, also of a stream that its owner before it took', async () => {
    const stream = mine(1);
    marks.set(stream, { stream, seen: 2, applied: 2 });
    for (const version of [1, 3, 5]) put(commitAt(stream, version));
    const position: TopicPosition = { phase: 'topic', next: { [PARTITION]: 1 }, token: 1, epoch: 'e' };
    expect(await all(follower(position))).toEqual([`${stream}:3`]);
    expect(broker.refused).toHaveLength(1);
  });

  // Without the comparison of tokens the ghost's 3 is delivered a second time, since the watermark of the first is swept by then.
  it('drops what a ghost of a relay sends after its successor [K-3]', async () => {
    const stream = mine(1);
    put(commitAt(stream, 1), { token: 2 });
    put(commitAt(stream, 2), { token: 3 });
    put(commitAt(stream, 3), { token: 3 });
    const first = follower();
    expect(await all(first)).toHaveLength(3);
    put(commitAt(stream, 3), { token: 2 });
    // Another owner, long after: nothing is known of the stream any more.
    const place = first.place;
    expect(await all(follower(place))).toEqual([]);
    expect(broker.refused).toEqual([]);
  });

  // With epochs compared first it stopped everybody who had read the topic, for good: a rebuild met the ghost's message again.
  it('drops what a ghost of the relay that filled the topic before it was deleted sends into the new one [K-3]', async () => {
    const [a, b] = [mine(1), mine(2)];
    put(commitAt(a, 1), { token: 6, epoch: 'e+6' });
    put(commitAt(b, 1), { token: 5 });
    put(commitAt(a, 2), { token: 6, epoch: 'e+6' });
    put(commitAt(b, 1), { token: 6, epoch: 'e+6' });
    expect(await all()).toEqual([`${a}:1`, `${a}:2`, `${b}:1`]);
    expect(broker.refused).toEqual([]);
  });

  it('stops where the topic was filled anew', async () => {
    put(commitAt(mine(1), 1), { token: 5 });
    put(commitAt(mine(1), 2), { token: 6, epoch: 'e+6' });
    await expect(all()).rejects.toMatchObject({ code: 'topic.source-restored' });
  });

  it('stops where the store behind the topic was restored [K-9]', async () => {
    put(commitAt(mine(1), 1));
    // The restored relay has an older token.
    put(commitAt(mine(1), 2), { epoch: 'other', token: 0 });
    await expect(all()).rejects.toMatchObject({ code: 'topic.source-restored' });
  });

  it('refuses what is no commit of this partition at its place, and goes on [K-5]', async () => {
    const stream = mine(1);
    put(commitAt(stream, 1));
    broker.put('order', PARTITION, { problem: 'garbage' });
    put(commitAt(stream, 9));
    put(commitAt('secret-1', 1));
    const stranger = Array.from({ length: 50 }, (_, id) => `order-x${id}`).find(
      (one) => partitionOf(one, 3) !== PARTITION,
    )!;
    put(commitAt(stranger, 1));
    put(commitAt(stream, 2));
    expect(await all()).toEqual([`${stream}:1`, `${stream}:2`]);
    expect(broker.refused.map(({ offset }) => offset)).toEqual([1, 2, 3, 4]);
  });

  it('believes nothing that a refused message says of the relay [K-5]', async () => {
    const stream = mine(1);
    put(commitAt(stream, 1));
    put(commitAt(stream, 9), { token: 1_000, floor: 'ffffffffffffffff' });
    put(commitAt(stream, 2));
    const one = follower();
    expect(await all(one)).toEqual([`${stream}:1`, `${stream}:2`]);
    expect(one.place.token).toBe(1);
  });

  // Followed as well where it was taken already, the copy's token has everything after it dropped.
  it('believes nothing that a copy says of the relay [K-5]', async () => {
    const stream = mine(1);
    put(commitAt(stream, 1));
    put(commitAt(stream, 1), { token: 1_000, floor: 'ffffffffffffffff' });
    put(commitAt(stream, 2));
    const one = follower();
    expect(await all(one)).toEqual([`${stream}:1`, `${stream}:2`]);
    expect(one.place.token).toBe(1);
  });

  it('takes a commit of types that nobody wants as the place before the next', async () => {
    const stream = mine(1);
    put(commitAt(stream, 1));
    put(commitAt(stream, 2, 'order.shipped'));
    put(commitAt(stream, 3));
    expect(await all()).toEqual([`${stream}:1`, `${stream}:3`]);
  });

  it('does not take it for a gap that commits which nobody wanted have no watermark', async () => {
    const stream = mine(1);
    marks.set(stream, { stream, seen: 1, applied: 1 });
    put(commitAt(stream, 4));
    expect(await all(follower({ phase: 'topic', next: { [PARTITION]: 0 }, token: 1, epoch: 'e' }))).toEqual([
      `${stream}:4`,
    ]);
  });

  it('raises its floor to that of the relay, and never lowers it', async () => {
    put(commitAt(mine(1), 1), { floor: '0000000000000005' });
    put(commitAt(mine(1), 2), { floor: '0000000000000003' });
    const { floor, position } = await follower().next();
    expect(floor).toBe('0000000000000005');
    expect(position).toMatchObject({ next: { [PARTITION]: 2 }, token: 1, epoch: 'e', clock: '0000000000000002' });
  });

  it('keeps a refused message before it passes it [K-5]', async () => {
    const failing: TransportConnection = Object.create(transport, {
      refuse: { value: () => Promise.reject(new Error('no broker')) },
    }) as TransportConnection;
    transport = failing;
    broker.put('order', PARTITION, { problem: 'garbage' });
    const one = follower();
    await expect(one.next()).rejects.toThrow('no broker');
    expect(one.place.next).toEqual({ [PARTITION]: 0 });
  });

  it('gives the same from a hostile topic: each message 1 to 5 times, shuffled across streams within windows of 50 [K-3]', async () => {
    const commits: Commit[] = [];
    const heads = new Map<string, number>();
    for (let index = 0; index < 5_000; index += 1) {
      const stream = mine(Math.floor(systemEnvironment.random() * 40));
      const version = (heads.get(stream) ?? 0) + 1;
      heads.set(stream, version);
      commits.push(commitAt(stream, version));
    }
    for (let begin = 0; begin < commits.length; begin += 50) {
      const window = new Map<string, Commit[]>();
      for (const commit of commits.slice(begin, begin + 50))
        window.set(commit.stream, [...(window.get(commit.stream) ?? []), commit]);
      // Each stream keeps its order, what came of it comes again at any time after, and streams mix as they like.
      const queues = [...window.values()];
      while (queues.length > 0) {
        const at = Math.floor(systemEnvironment.random() * queues.length);
        const commit = queues[at]!.shift()!;
        if (queues[at]!.length === 0) queues.splice(at, 1);
        put(commit);
        for (let again = Math.floor(systemEnvironment.random() * 5); again > 0; again -= 1)
          put(commits[Math.floor(systemEnvironment.random() * begin)] ?? commit);
      }
    }
    const one = follower();
    const found = new Map<string, number[]>();
    for (;;) {
      const { deliveries, read } = await one.next();
      if (read === 0) break;
      for (const { commit } of deliveries)
        found.set(commit.stream, [...(found.get(commit.stream) ?? []), commit.firstVersion]);
    }
    expect(found.size).toBe(heads.size);
    for (const [stream, head] of heads)
      expect(found.get(stream)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
    expect(broker.refused).toEqual([]);
  });
});
