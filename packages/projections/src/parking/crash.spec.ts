import { InMemoryDatabase } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { Mortal, type Death } from '../fixtures/mortal.fixture.js';
import { engine, fast, memory } from '../fixtures/store.fixture.js';
import { diary, idIn, letterOf, tell, written } from './parking.fixture.js';

const settings = { ...fast, leaseMs: 1_000, leasePollMs: 20, heartbeatMs: 100, requestPollMs: 30, drainMs: 500 };
const ID = idIn('diary.1.1', 'a');

/** A process that parks a stream and frees it again, and dies on the way; another one takes over. Answers the calls that the first one made. */
async function parkAndDie(death: Death | undefined): Promise<readonly string[]> {
  const where = JSON.stringify(death);
  const database = new InMemoryDatabase();
  const store = await memory(database);
  const mortal = new Mortal(await memory(database), death);
  let fails = true;
  const projections = [diary((told) => fails && told === '!')];
  const one = engine(mortal.connection, projections, { settings });
  const two = engine(await memory(database), projections, { settings });
  const request = { id: 'r', kind: 'retry', by: 'ada', at: new Date(), event: 'customer-a:2' } as const;
  try {
    await one.start();
    await one.settled();
    mortal.arm();
    await tell(store, 'a', '1', '!', '3');
    await tell(store, 'b', '1', '2');
    const isDead = (): boolean => mortal.isDead;
    const dies = async (until: () => Promise<boolean>): Promise<void> =>
      vi.waitFor(async () => expect(isDead() || (await until()), where).toBe(true), { timeout: 8_000 });
    await dies(async () => (await store.parked.get(ID))?.seen === 3);
    if (!isDead()) {
      fails = false;
      await store.parked.request(ID, request);
      await dies(async () => (await store.parked.get(ID)) === undefined);
    }
    await two.start();
    await tell(store, 'b', '3');
    await two.settled({ timeoutMs: 8_000 });
    fails = false;
    if ((await letterOf(two, 'a')) !== undefined) await store.parked.request(ID, request);
    await vi.waitFor(async () => expect(await letterOf(two, 'a'), where).toBeUndefined(), { timeout: 8_000 });
    await tell(store, 'a', '4');
    await two.settled({ timeoutMs: 8_000 });
    expect([await written(two, 'a'), await written(two, 'b')], where).toEqual(['1!34', '123']);
    return mortal.calls;
  } finally {
    await Promise.all([one, two].map((each) => each.stop()));
  }
}

/*
 * Taken away once to see this fail: the parked stream in the batch whose place is behind its event (the event was lost), and the rise of `seen` with
 * each batch (a redrive then ended too early).
 */
describe('a process that is killed while it parks a stream or frees it', () => {
  it(
    'leaves nothing lost, doubled or out of order, whichever step was its last [X-2, X-4]',
    { timeout: 120_000 },
    async () => {
      const calls = await parkAndDie(undefined);
      expect(calls).toEqual(expect.arrayContaining(['writer.write', 'parked.summary', 'parked.requested']));
      const steps = Math.min(calls.length, 40);
      const deaths = Array.from({ length: steps }, (_, index) => [
        { call: index + 1, when: 'before' } as const,
        { call: index + 1, when: 'after' } as const,
      ]).flat();
      for (let first = 0; first < deaths.length; first += 48)
        await Promise.all(deaths.slice(first, first + 48).map(parkAndDie));
    },
  );
});
