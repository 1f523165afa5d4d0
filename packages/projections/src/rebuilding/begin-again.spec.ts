import { InMemoryDatabase, type StoreConnection } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { contextOf } from '../fixtures/engines.fixture.js';
import { Mortal, type Death } from '../fixtures/mortal.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { OrderTrailProjection } from '../fixtures/one-stream.fixture.js';
import { GenerationRunner } from '../running/generation-runner.js';

const definition = projectionDefinitionOf(OrderTrailProjection);

/** A build as an operator has asked for it. */
async function asked({ generations, events }: StoreConnection) {
  const { name: projection, version, readModels } = definition;
  const begun = { projection, version, readModels: readModels.map(({ name }) => name), epoch: await events.epoch() };
  return generations.begin({ ...begun, partitions: 3, slicing: 'stream', throttle: 7, startedBy: 'ada' });
}

/** What became of it where the process that begins it again dies. */
async function dyingAt(death: Death | undefined) {
  const database = new InMemoryDatabase();
  const store = await memory(database);
  const generation = await asked(store);
  const mortal = new Mortal(await memory(database), death);
  const runner = new GenerationRunner(contextOf(mortal.connection), definition, generation);
  mortal.arm();
  const ended = runner.beginAgain('late');
  if (death === undefined) await ended;
  else await vi.waitFor(() => expect(mortal.isDead).toBe(true), 10_000);
  const entry = await store.generations.entry(definition.name, definition.version);
  const { state } = (await store.generations.generation(generation.id))!;
  return { calls: mortal.calls, building: entry?.building, state };
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
    const begin = (): Promise<void> =>
      new GenerationRunner(contextOf(store), definition, generation).beginAgain('late');
    await expect(Promise.all([begin(), begin()])).resolves.toBeDefined();
    expect(await store.generations.generations(definition.name, definition.version)).toHaveLength(2);
  });

  // Begun in a step of its own behind the cancel, the operator's rebuild was gone with a process that died between the two.
  it('is not lost with the process that ends the former one, whichever step is its last [B-7]', async () => {
    const { calls } = await dyingAt(undefined);
    expect(calls).toContain('generations.cancel');
    for (const when of ['before', 'after'] as const) {
      for (let call = 1; call <= calls.length; call += 1) {
        const { building, state } = await dyingAt({ call, when });
        // Either it is still the one that is built, and is found late again, or its successor is.
        expect(building, `${when} ${calls[call - 1]}`).toBe(state === 'building' ? 1 : 2);
      }
    }
  });
});
