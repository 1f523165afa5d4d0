import { InMemoryDatabase } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { writes } from '../definition/writes.js';
import { endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import { CustomerCard, CustomerRenamed, OrderPlaced } from '../fixtures/shop.fixture.js';
import { append, fact, fast, memory } from '../fixtures/store.fixture.js';

endEnginesAfterEach();

const card = writes(CustomerCard);

/** A card is written by its customer's stream, and by mistake by the orders of that customer too. */
@Projection('card', { version: 1, readModels: [CustomerCard], slicing: 'stream' })
class CardProjection {
  @On(CustomerRenamed) renamed(e: CustomerRenamed) {
    return card.reduce(e.customerId, () => ({ name: e.name }));
  }
  @On(OrderPlaced) placed(e: OrderPlaced) {
    return card.patch(e.customerId, { name: `buyer of ${e.orderId}` });
  }
}

// Without the stream in the stored document the card said "buyer of 7", or not, as the partitions happened to run.
it('a stream that writes the document of another is parked, over restarts and partitions [P-8]', async () => {
  const database = new InMemoryDatabase();
  const store = await memory(database);
  const rename = (name: string): Promise<void> =>
    append(store, 'customer-ada', fact(CustomerRenamed, { customerId: 'ada', name }));
  const order = (id: string): Promise<void> =>
    append(store, `order-${id}`, fact(OrderPlaced, { orderId: id, customerId: 'ada', total: 1 }));
  await rename('Ada');
  const settings = { ...fast, partitions: 8 };
  const one = await started(await memory(database), [CardProjection], { settings });
  await one.settled();
  await order('7');
  const letters = async (): Promise<string[]> =>
    (await one.deadLetters({ projection: 'card' })).deadLetters
      .map(({ stream, error }) => `${stream}: ${error.code}`)
      .toSorted();
  await vi.waitFor(async () => expect(await letters()).toEqual(['order-7: read-model.fed-by-another-stream']), {
    timeout: 5_000,
  });
  await one.stop();
  const two = await started(await memory(database), [CardProjection], { settings });
  await order('8');
  await rename('Ada Lovelace');
  await vi.waitFor(async () => expect(await letters()).toHaveLength(2), { timeout: 5_000 });
  const { error } = (await two.deadLetters({ projection: 'card' })).deadLetters[0]!;
  expect(error.message).toMatch(/'ada' of '.*' is fed by the stream 'customer-ada', but 'order-\d' writes it too/);
  await two.settled();
  expect(await two.readModel(CustomerCard).findById('ada')).toEqual({ _id: 'ada', name: 'Ada Lovelace' });
});
