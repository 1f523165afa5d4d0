import {
  DomainEvent,
  EventTypes,
  inMemory,
  silentLogger,
  systemEnvironment,
  upcasts,
  type PayloadCodec,
} from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { writes } from '../definition/writes.js';
import { endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import { CustomerCard, CustomerRenamed } from '../fixtures/shop.fixture.js';
import { append, fact, memory } from '../fixtures/store.fixture.js';
import { diary, isFree, isParked, letterOf, tell, written } from './parking.fixture.js';

endEnginesAfterEach();

const bad = (told: string): boolean => told.startsWith('!');

describe('an event that cannot be read', () => {
  it.each([
    ['of a version that never was', { customerId: 'b', name: 'x' }, -1],
    ['whose upcaster throws', { customerId: 'b', name: 'old' }, 1],
  ])('%s is parked as well', async (_what, data, schema) => {
    @DomainEvent('customer.renamed', { version: 2 })
    class Renamed {
      customerId!: string;
      name!: string;
    }
    upcasts(Renamed)
      .from<CustomerRenamed>(1)
      .to(2, (old) => {
        if (old.name === 'old') throw new Error('cannot be read');
        return old;
      })
      .current();
    @Projection('diary', { version: 1, readModels: [CustomerCard] })
    class Diary {
      @On(Renamed) told({ customerId, name }: Renamed) {
        return writes(CustomerCard).reduce(customerId, () => ({ name }));
      }
    }
    const store = await memory();
    const one = await started(store, [Diary], { types: EventTypes.of([Renamed]) });
    const event = (id: string) => ({ type: 'customer.renamed', schema: 2, data: { customerId: id, name: 'y' } });
    await append(store, 'customer-b', { type: 'customer.renamed', schema, data: data });
    await append(store, 'customer-b', event('b'));
    await append(store, 'customer-a', event('a'));
    await one.settled();
    expect([await written(one, 'a'), await written(one, 'b')]).toEqual(['y', undefined]);
    expect(await letterOf(one, 'b')).toMatchObject({ error: { event: 'customer-b:1' }, waiting: 2 });
  });

  it('whose payload cannot be decoded is parked as well, and applied when it can [X-9]', async () => {
    let lost = true;
    const decode: PayloadCodec['decode'] = async (items) => {
      if (lost && items.some(({ event }) => bad((event.data as CustomerRenamed).name))) throw new Error('no such key');
      return items.map(({ event }) => event);
    };
    const codec: PayloadCodec = { encode: async (items) => items.map(({ event }) => event), decode };
    const store = await inMemory().connect({ environment: systemEnvironment, logger: silentLogger, codec });
    const one = await started(store, [diary(() => false)]);
    await tell(store, 'a', '1', '!2', '3');
    await tell(store, 'b', '1');
    await one.settled();
    expect([await written(one, 'a'), await written(one, 'b')]).toEqual(['1', '1']);
    const { id, error } = await isParked(one, 'a');
    expect([error.event, error.code]).toEqual(['customer-a:2', 'event.invalid']);
    lost = false;
    await one.retryDeadLetter(id, 'ada');
    await isFree(one, 'a');
    expect(await written(one, 'a')).toBe('1!23');
  });

  it('that a newer build wrote is not parked: it is waited for [D-3]', async () => {
    const store = await memory();
    const one = await started(store, [diary(bad)]);
    await append(store, 'customer-a', { ...fact(CustomerRenamed, { customerId: 'a', name: '1' }), schema: 2 });
    await vi.waitFor(async () => expect(await one.status('diary')).toMatchObject({ state: 'waiting' }), 10_000);
    expect((await one.deadLetters()).deadLetters).toEqual([]);
  });
});
