import type { StoreConnection } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { contextOf } from '../fixtures/engines.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { OrderTrailProjection } from '../fixtures/one-stream.fixture.js';
import { GenerationRunner } from '../running/generation-runner.js';
import { beginAgain } from './begin-again.js';

const definition = projectionDefinitionOf(OrderTrailProjection);

/** A build as an operator has asked for it. */
async function asked({ generations, events }: StoreConnection) {
  const { name: projection, version, readModels } = definition;
  const begun = { projection, version, readModels: readModels.map(({ name }) => name), epoch: await events.epoch() };
  return generations.begin({ ...begun, partitions: 3, slicing: 'stream', throttle: 7, startedBy: 'ada' });
}

describe('a build that begins again', () => {
  // Left out, its throttle was: the operator's limit on the load of the store was gone with a commit that came late.
  it('is as the former one was asked for [B-7]', async () => {
    const store = await memory();
    const { id } = await asked(store);
    await new GenerationRunner(contextOf(store), definition, (await store.generations.generation(id))!).beginAgain(
      'late',
    );
    expect(await store.generations.generation(id)).toMatchObject({ state: 'cancelled' });
    const { building } = (await store.generations.entry(definition.name, definition.version))!;
    const again = (await store.generations.generations(definition.name, definition.version)).at(-1);
    expect(again).toMatchObject({ number: building, partitions: 3, slicing: 'stream', throttle: 7, startedBy: 'ada' });
  });

  it('is not begun where an operator asked for its end meanwhile [B-6]', async () => {
    const store = await memory();
    const generation = await asked(store);
    const runner = new GenerationRunner(contextOf(store), definition, generation);
    await store.generations.requestCancel(generation.id);
    await runner.beginAgain('late');
    expect(await store.generations.entry(definition.name, definition.version)).not.toHaveProperty('building');
  });

  it('is begun once by several processes that find the same', async () => {
    const store = await memory();
    const generation = await asked(store);
    await store.generations.cancel(generation.id);
    const begin = (): Promise<void> => beginAgain(contextOf(store), definition, generation, 'late');
    await expect(Promise.all([begin(), begin()])).resolves.toBeDefined();
    expect(await store.generations.generations(definition.name, definition.version)).toHaveLength(2);
  });
});
