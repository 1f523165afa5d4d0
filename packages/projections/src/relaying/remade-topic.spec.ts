import { InMemoryBroker, InMemoryDatabase } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { ending, endEnginesAfterEach } from '../fixtures/engines.fixture.js';
import { touch } from '../fixtures/one-stream.fixture.js';
import { log, memory } from '../fixtures/store.fixture.js';
import { onTopics, TopicTrail, TopicTrailProjection, transportTo } from '../topics/topics.fixture.js';

endEnginesAfterEach();

const COMMITS = 30;

function countOf(broker: InMemoryBroker): number {
  return (broker.topics.get('order') ?? []).reduce((sum, { messages }) => sum + messages.length, 0);
}

/** How many messages name a time from which on all may come again. */
function withFloor(broker: InMemoryBroker): number {
  const messages = (broker.topics.get('order') ?? []).flatMap((log) => log.messages);
  return messages.filter((one) => 'relayed' in one && one.relayed.relay.floor !== undefined).length;
}

async function filled(database: InMemoryDatabase, broker: InMemoryBroker) {
  const store = await memory(database);
  for (let index = 0; index < COMMITS; index += 1) await touch(store, 5);
  const relay = ending(onTopics(await memory(database), await transportTo(broker), ['relay']));
  await relay.start();
  await vi.waitFor(() => expect(countOf(broker)).toBe(COMMITS), 10_000);
  return { store, relay };
}

// Without the look whether the topic holds anything the relay went on behind its place: a projection built from the topic then refused every commit as a gap.
it('a topic that was deleted and is made anew is filled from the beginning, also by a relay that has a place [K-6]', async () => {
  const [database, broker] = [new InMemoryDatabase(), new InMemoryBroker()];
  const { store, relay } = await filled(database, broker);
  await relay.stop();
  broker.topics.delete('order');

  const again = ending(
    onTopics(await memory(database), await transportTo(broker), ['relay', 'projections'], [TopicTrailProjection]),
  );
  await again.start();
  await touch(store, 5);
  await vi.waitFor(() => expect(countOf(broker)).toBe(COMMITS + 1), 10_000);
  await again.settled();
  expect(broker.refused).toEqual([]);
  // Only what came last can: without `isLive` in `floorOf` all told the floor of the former topic.
  expect(withFloor(broker)).toBeLessThanOrEqual(1);
  const found = await again.readModel(TopicTrail).find({});
  expect(found.reduce((sum, { versions }) => sum + versions.length, 0)).toBe(countOf(broker));
});

it('a topic that is deleted while its relay runs is made anew and filled from the beginning [K-6]', async () => {
  const [database, broker] = [new InMemoryDatabase(), new InMemoryBroker()];
  const { store } = await filled(database, broker);
  broker.topics.delete('order');
  await touch(store, 5);
  await vi.waitFor(() => expect(countOf(broker)).toBe(COMMITS + 1), 10_000);
});

// Made by whoever starts, it got what came from then on and nothing else: the relay that had filled it did not see that it was another one.
it('a topic that was deleted is left to its relay by a process that starts meanwhile [K-6]', async () => {
  const [database, broker] = [new InMemoryDatabase(), new InMemoryBroker()];
  const { store } = await filled(database, broker);
  broker.topics.delete('order');
  const other = ending(onTopics(await memory(database), await transportTo(broker), ['relay']));
  await other.start();
  await touch(store, 5);
  await vi.waitFor(() => expect(countOf(broker)).toBe(COMMITS + 1), 10_000);
});

// Without the number of the filling in the epoch the reader went on at its offset, where another commit stands: what lies before it in the new topic was never applied.
it('a topic that was deleted and is longer than before when its reader looks again stops the reader, until that is rebuilt [K-6]', async () => {
  const [database, broker] = [new InMemoryDatabase(), new InMemoryBroker()];
  const store = await memory(database);
  const run = async (roles: readonly string[], projections: (typeof TopicTrailProjection)[] = []) => {
    const one = ending(onTopics(await memory(database), await transportTo(broker), roles, projections));
    await one.start();
    return one;
  };
  for (let index = 0; index < COMMITS; index += 1) await touch(store, 5);
  const first = await run(['relay', 'projections'], [TopicTrailProjection]);
  await first.settled();
  await first.stop();
  broker.topics.delete('order');
  for (let index = 0; index < COMMITS; index += 1) await touch(store, 5);
  const relay = await run(['relay']);
  await vi.waitFor(() => expect(countOf(broker)).toBe(2 * COMMITS), 10_000);
  const reader = await run(['projections'], [TopicTrailProjection]);
  await vi.waitFor(
    async () => expect(await reader.status('topic-trail')).toMatchObject({ error: { code: 'topic.source-restored' } }),
    10_000,
  );
  await relay.stop();
  const again = await run(['relay']);
  await touch(store, 5);
  await vi.waitFor(() => expect(countOf(broker)).toBe(2 * COMMITS + 1), 10_000);
  const { id } = await reader.rebuild('topic-trail', 'ada');
  await vi.waitFor(async () => expect(await reader.rebuildStatus(id)).toMatchObject({ state: 'done' }), 10_000);
  await again.settled();
  await vi.waitFor(async () => {
    const found = await reader.readModel(TopicTrail).find({});
    const applied = found.flatMap(({ versions }) => versions).length;
    const stored = (await log(store)).reduce((sum, { events }) => sum + events.length, 0);
    expect(applied).toBe(stored);
  }, 10_000);
  expect(broker.refused).toEqual([]);
});
