import { parkedStreamId, type ParkedStream } from '@nestfold/core';
import { expect, it } from 'vitest';
import { contextOf } from '../fixtures/engines.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { DeadLetters } from './dead-letters.js';

// Taken away once: the generation that is being built (a rebuild that parks a stream would go live without a word).
it('what a build has parked is listed before it is live, and can be asked for', async () => {
  const store = await memory();
  const { id: consumer } = await store.generations.begin({
    projection: 'p',
    version: 1,
    readModels: [],
    partitions: 1,
    epoch: await store.events.epoch(),
    startedBy: 'eve',
  });
  const [at, key, stream] = [new Date(0), `${consumer}/0`, 'a-1'];
  const error = { code: 'x', message: 'no', event: 'a-1:1' };
  const id = parkedStreamId(consumer, stream);
  const row: ParkedStream = {
    ...{ id, consumer, name: 'p', stream, key, applied: 0, seen: 1 },
    ...{ error, attempts: 1, history: [{ at, error }], at },
  };
  const claimed = await store.checkpoints.claim(key, 1);
  const position = { phase: 'history', began: '1', horizon: '1' } as const;
  const batch = { key, token: 1, previous: claimed!.batch, id: 'b', position, parked: { park: [row] } };
  await (await store.checkpoints.openWriter(key)).write(batch, () => Promise.resolve());

  const letters = new DeadLetters(contextOf(store), []);
  expect((await letters.list({})).deadLetters).toMatchObject([
    { id, projection: 'p', generation: consumer, waiting: 1 },
  ]);
  expect(await letters.request(id, 'retry', 'eve')).toMatchObject({ request: { kind: 'retry', by: 'eve' } });
});
