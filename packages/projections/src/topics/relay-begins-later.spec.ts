import {
  InMemoryBroker,
  InMemoryDatabase,
  systemEnvironment,
  TransportUnavailable,
  type TransportConnection,
} from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { ending, endEnginesAfterEach } from '../fixtures/engines.fixture.js';
import { touch } from '../fixtures/one-stream.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { relayKey } from '../running/keys.js';
import { onTopics, publishingBy, TOPICS, TopicTrail, TopicTrailProjection, transportTo } from './topics.fixture.js';

endEnginesAfterEach();

// Where the first answer is kept that nothing is on its way, `settled()` ends before the relay that began meanwhile has sent anything.
it('settled() waits for a relay that begins while it waits', async () => {
  const [database, broker] = [new InMemoryDatabase(), new InMemoryBroker()];
  const store = await memory(database);
  const inner = await transportTo(broker);
  await inner.prepare(TOPICS);
  let isAway = false;
  let refusals = 0;
  let answers = 0;
  const reach: TransportConnection['reach'] = (topic) => {
    if (!isAway) {
      answers += 1;
      return inner.reach(topic);
    }
    refusals += 1;
    return Promise.reject(new TransportUnavailable('away'));
  };
  const transport = Object.assign(Object.create(inner) as TransportConnection, { reach });
  const reader = ending(onTopics(await memory(database), transport, ['projections'], [TopicTrailProjection]));
  await reader.start();
  await vi.waitFor(async () => expect(await reader.status('topic-trail')).toMatchObject({ state: 'live' }), 10_000);

  isAway = true;
  await touch(store, 1);
  let isSettled = false;
  const settled = reader.settled({ timeoutMs: 20_000 }).then(() => (isSettled = true));
  const before = refusals;
  await vi.waitFor(() => expect(refusals).toBeGreaterThan(before + 3), 10_000);
  const own = await transportTo(broker);
  const held = new AbortController();
  const publishing = publishingBy(own, async (topic, commits) => {
    await systemEnvironment.sleep(60_000, held.signal);
    return own.publish(topic, commits);
  });
  const relay = ending(onTopics(await memory(database), publishing, ['relay']));
  await relay.start();
  await vi.waitFor(async () => expect(await store.checkpoints.find(relayKey('order'))).toBeDefined(), 10_000);
  isAway = false;
  const answered = answers;
  await vi.waitFor(() => expect(isSettled || answers > answered + 5).toBe(true), 10_000);
  expect(isSettled).toBe(false);
  held.abort();
  await settled;
  expect(await reader.readModel(TopicTrail).count()).toBe(1);
});
