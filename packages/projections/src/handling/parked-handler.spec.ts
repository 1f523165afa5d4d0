import { InMemoryDatabase, StoreUnavailable, type StoreConnection } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { EventsHandler, eventsHandlerDefinitionOf } from '../definition/events-handler.decorator.js';
import type { EngineSettings } from '../engine/engine-settings.js';
import type { ProjectionEngine } from '../engine/projection-engine.js';
import { endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import { Mortal } from '../fixtures/mortal.fixture.js';
import { CustomerRenamed } from '../fixtures/shop.fixture.js';
import { engine, fact, append, fast, memory } from '../fixtures/store.fixture.js';
import { isFree, isParked, letterOf, tell } from '../parking/parking.fixture.js';

endEnginesAfterEach();

// By itself a handler tries `attempts` times while all wait, and goes on up to `handlerAttempts`: here not at all, unless a test says so.
const settings: Partial<EngineSettings> = { ...fast, attempts: 3, handlerAttempts: 3 };

/** A handler that notes what it was told of which stream, and fails where it is to. */
function handler(got: string[], fails: (told: string) => boolean) {
  class Letters {
    handle({ customerId, name }: CustomerRenamed): void {
      if (fails(name)) throw new Error(`cannot send '${name}'`);
      got.push(`${customerId}${name}`);
    }
  }
  EventsHandler(CustomerRenamed, { name: 'letters', startFrom: 'beginning' })(Letters);
  return [{ definition: eventsHandlerDefinitionOf(Letters), instance: new Letters() }];
}

async function handling(
  store: StoreConnection,
  got: string[],
  fails: (told: string) => boolean,
  more: Partial<EngineSettings> = {},
): Promise<ProjectionEngine> {
  return started(store, [], { handlers: handler(got, fails), settings: { ...settings, ...more } });
}

const of = (got: readonly string[], id: string): string => got.filter((one) => one.startsWith(id)).join(' ');

describe('an event that a handler cannot handle', () => {
  it('parks its stream for this handler after some attempts; others go on [E-4]', async () => {
    const store = await memory();
    const got: string[] = [];
    let tries = 0;
    const one = await handling(store, got, (told) => told === '!' && (tries += 1) > 0);
    await tell(store, 'a', '1', '!', '3');
    await tell(store, 'b', '1', '2');
    await tell(store, 'a', '4');
    await one.settled();
    expect([of(got, 'a'), of(got, 'b'), tries]).toEqual(['a1', 'b1 b2', 3]);
    expect(await letterOf(one, 'a')).toMatchObject({
      handler: 'letters',
      attempts: 3,
      waiting: 3,
      error: { event: 'customer-a:2', code: 'events-handler.failed', message: "cannot send '!'" },
    });
    expect(await one.handlerStatuses()).toMatchObject([
      { state: 'running', parked: 1, parkedSince: expect.any(Date) as Date },
    ]);
    expect((await one.deadLetters({ handler: 'another' })).deadLetters).toEqual([]);
    expect((await one.deadLetters({ projection: 'letters' })).deadLetters).toEqual([]);
  });

  it('is handled on request, and then what waits behind it, in order; none of it twice [E-4]', async () => {
    const store = await memory();
    const got: string[] = [];
    let fails = true;
    const one = await handling(store, got, (told) => fails && told === '!');
    // One commit, the middle of which fails.
    const [first, second, third] = ['1', '!', '3'].map((name) => fact(CustomerRenamed, { customerId: 'a', name }));
    await append(store, 'customer-a', first!, second!, third!);
    await tell(store, 'a', '4');
    await one.settled();
    const { id } = await isParked(one, 'a', 3);
    await one.retryDeadLetter(id, 'ada');
    await isParked(one, 'a', 4);
    fails = false;
    await one.retryDeadLetter(id, 'ada');
    await isFree(one, 'a');
    await tell(store, 'a', '5');
    await one.settled();
    expect(got).toEqual(['a1', 'a!', 'a3', 'a4', 'a5']);
  });

  // Freed with the first hundred, the rest was never handled.
  it('is followed by all that waits behind it, however much that is [E-4]', async () => {
    const store = await memory();
    const got: string[] = [];
    let fails = true;
    const one = await handling(store, got, (told) => fails && told === '!');
    const more = Array.from({ length: 130 }, (_, index) => `${index}`);
    await tell(store, 'a', '!', ...more);
    await one.settled();
    const { id } = await isParked(one, 'a', 3);
    fails = false;
    await one.retryDeadLetter(id, 'ada');
    await isFree(one, 'a');
    expect(got).toEqual(['a!', ...more.map((told) => `a${told}`)]);
  });

  it('is left out on request, that event alone', async () => {
    const store = await memory();
    const got: string[] = [];
    const one = await handling(store, got, (told) => told === '!');
    await tell(store, 'a', '1', '!', '3');
    const { id } = await isParked(one, 'a', 3);
    await one.settled();
    await one.discardDeadLetter(id, 'ada');
    await isFree(one, 'a');
    expect(got).toEqual(['a1', 'a3']);
  });

  it('is tried again by itself with growing pauses, so that a fault that passes needs nobody [E-4]', async () => {
    const store = await memory();
    const got: string[] = [];
    let left = 6;
    const one = await handling(store, got, (told) => told === '!' && left-- > 0, { handlerAttempts: 20 });
    await tell(store, 'a', '!', '2');
    await tell(store, 'b', '1');
    await vi.waitFor(() => expect(of(got, 'b')).toBe('b1'), 10_000);
    await isFree(one, 'a');
    await one.settled();
    expect([of(got, 'a'), left]).toEqual(['a! a2', -1]);
  });

  // Each outage counted as an attempt: a parked stream that met enough of them waited for an operator.
  it('is tried again by itself as long as it fails with what passes by its nature', async () => {
    const store = await memory();
    const got: string[] = [];
    let broken = true;
    let away = 12;
    const one = await handling(
      store,
      got,
      (told) => {
        if (told === '!' && !broken && away-- > 0) throw new StoreUnavailable('away');
        return broken && told === '!';
      },
      { handlerAttempts: 5 },
    );
    await tell(store, 'a', '!', '2');
    await isParked(one, 'a', 4);
    broken = false;
    await vi.waitFor(() => expect(of(got, 'a')).toBe('a! a2'), { timeout: 5_000 });
    expect(away).toBe(-1);
  });

  it('is not parked for what passes by its nature, nor when too many streams fail: then all wait [E-4]', async () => {
    const store = await memory();
    const got: string[] = [];
    let away = 10;
    let down = true;
    const one = await handling(
      store,
      got,
      (told) => {
        if (told === 'away' && away-- > 0) throw new StoreUnavailable('away');
        return down && told === '!';
      },
      { quarantineStreams: 2 },
    );
    await tell(store, 'a', 'away');
    for (const id of ['b', 'c', 'd', 'e']) await tell(store, id, '!');
    await vi.waitFor(
      async () =>
        expect(await one.handlerStatuses()).toMatchObject([{ state: 'retrying', error: { event: 'customer-d:1' } }]),
      10_000,
    );
    expect([got, (await one.deadLetters()).deadLetters.length]).toEqual([['aaway'], 2]);
    down = false;
    await one.settled();
    expect(got).toEqual(['aaway', 'd!', 'e!']);
  });

  // Taken away once to see this fail: the place that is saved with the parked stream, and the rise of `seen` with each later place.
  it('is neither lost nor passed over when the process dies at any step [E-1]', { timeout: 60_000 }, async () => {
    const run = async (call: number | undefined, when: 'before' | 'after'): Promise<number> => {
      const database = new InMemoryDatabase();
      const store = await memory(database);
      const mortal = new Mortal(await memory(database), call === undefined ? undefined : { call, when });
      const short = { ...settings, leaseMs: 1_000, leasePollMs: 20, requestPollMs: 30, drainMs: 500 };
      const got: string[] = [];
      let fails = true;
      const handlers = handler(got, (told) => fails && told === '!');
      const one = engine(mortal.connection, [], { handlers, settings: short });
      const two = engine(await memory(database), [], { handlers, settings: short });
      try {
        await one.start();
        mortal.arm();
        await tell(store, 'a', '1', '!', '3');
        await tell(store, 'b', '1');
        const isParkedNow = async (): Promise<boolean> =>
          (await store.parked.find('handler:letters'))[0]?.seen === 3 && got.includes('b1');
        await vi.waitFor(async () => expect(mortal.isDead || (await isParkedNow())).toBe(true), { timeout: 5_000 });
        const { length } = mortal.calls;
        await two.start();
        await tell(store, 'b', '2');
        await two.settled({ timeoutMs: 8_000 });
        fails = false;
        const { id } = await isParked(two, 'a', 3);
        await two.retryDeadLetter(id, 'ada');
        await isFree(two, 'a');
        await two.settled({ timeoutMs: 8_000 });
        // At least once each, in order.
        expect([...new Set(got.filter((told) => told.startsWith('a')))], `${call} ${when}`).toEqual(['a1', 'a!', 'a3']);
        expect([...new Set(got.filter((told) => told.startsWith('b')))], `${call} ${when}`).toEqual(['b1', 'b2']);
        return length;
      } finally {
        await Promise.all([one.stop(), two.stop()]);
      }
    };
    const calls = await run(undefined, 'before');
    expect(calls).toBeGreaterThan(3);
    const deaths = Array.from({ length: Math.min(calls, 12) }, (_, index) => index + 1);
    await Promise.all(deaths.flatMap((call) => [run(call, 'before'), run(call, 'after')]));
  });

  it(
    'is freed in order, and what was left out stays so, when the process dies at any step of a request',
    { timeout: 60_000 },
    async () => {
      const run = async (
        kind: 'retry' | 'discard',
        death?: { readonly call: number; readonly when: 'before' | 'after' },
      ): Promise<number> => {
        const where = `${kind} ${JSON.stringify(death)}`;
        const database = new InMemoryDatabase();
        const store = await memory(database);
        const mortal = new Mortal(await memory(database), death);
        const short = { ...settings, leaseMs: 1_000, leasePollMs: 20, requestPollMs: 30, drainMs: 500 };
        const got: string[] = [];
        let fails = true;
        const handlers = handler(got, (told) => fails && told === '!');
        const one = engine(mortal.connection, [], { handlers, settings: short });
        const two = engine(await memory(database), [], { handlers, settings: short });
        try {
          await one.start();
          await tell(store, 'a', '1', '!', '3', '4');
          const { id } = await isParked(two, 'a', 3);
          await one.settled();
          fails = kind === 'discard';
          mortal.arm();
          if (kind === 'retry') await two.retryDeadLetter(id, 'ada');
          else await two.discardDeadLetter(id, 'ada');
          await vi.waitFor(
            async () => expect(mortal.isDead || (await letterOf(two, 'a')) === undefined, where).toBe(true),
            { timeout: 5_000 },
          );
          const { length } = mortal.calls;
          await two.start();
          await isFree(two, 'a');
          await tell(store, 'a', '5');
          await two.settled({ timeoutMs: 8_000 });
          const expected = kind === 'retry' ? 'a1 a! a3 a4 a5' : 'a1 a3 a4 a5';
          expect([...new Set(got)].join(' '), where).toBe(expected);
          return length;
        } finally {
          await Promise.all([one.stop(), two.stop()]);
        }
      };
      for (const kind of ['retry', 'discard'] as const) {
        const calls = await run(kind);
        expect(calls).toBeGreaterThan(3);
        const deaths = Array.from({ length: Math.min(calls, 10) }, (_, index) => index + 1);
        await Promise.all(
          deaths.flatMap((call) => [run(kind, { call, when: 'before' }), run(kind, { call, when: 'after' })]),
        );
      }
    },
  );
});
