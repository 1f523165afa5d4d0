import { InMemoryDatabase } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { writes } from '../definition/writes.js';
import { endEnginesAfterEach, ending, started } from '../fixtures/engines.fixture.js';
import { CustomerCard, CustomerRenamed } from '../fixtures/shop.fixture.js';
import { engine, memory } from '../fixtures/store.fixture.js';
import { diary, tell } from '../parking/parking.fixture.js';
import { book } from './stream-rebuild.fixture.js';

endEnginesAfterEach();

@Projection('plain', { version: 1, readModels: [CustomerCard], mode: 'plain' })
class Plain {
  @On(CustomerRenamed) renamed({ customerId, name }: CustomerRenamed) {
    return writes(CustomerCard).insert(customerId, { name });
  }
}

const refused = (reason: RegExp) => ({
  code: 'stream-rebuild.refused',
  reason: expect.stringMatching(reason) as string,
});

describe('the rebuild of one stream is refused', () => {
  it("with slicing 'single' and in mode 'plain', naming the remedy [B-12]", async () => {
    const store = await memory();
    const single = await started(store, [diary(() => false)]);
    const plain = await started(store, [Plain]);
    await tell(store, 'a', '1');
    await Promise.all([single.settled(), plain.settled()]);
    await expect(single.rebuildStream('diary', 'customer-a', 'ada')).rejects.toMatchObject(
      refused(/'single'.*rebuild the whole projection/),
    );
    await expect(plain.rebuildStream('plain', 'customer-a', 'ada')).rejects.toMatchObject(
      refused(/'plain'.*rebuild the whole projection/),
    );
    expect(await plain.streamRebuild('plain', 'customer-a')).toBeUndefined();
  });

  it('while there are no live documents, and where an event has stopped the projection', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database);
    await tell(store, 'a', 'u1');
    const early = ending(engine(store, [book()]));
    await expect(early.rebuildStream('book', 'customer-a', 'ada')).rejects.toMatchObject(refused(/no live documents/));
    const one = await started(store, [diary((told) => told === '!', { onPoison: 'halt', slicing: 'stream' })]);
    await one.settled();
    await tell(store, 'a', '!');
    await expect.poll(async () => (await one.status('diary')).state).toBe('stopped');
    await expect(one.rebuildStream('diary', 'customer-a', 'ada')).rejects.toMatchObject(refused(/stopped/));
  });

  it('for a projection and for a stream that are not there', async () => {
    const store = await memory();
    const one = await started(store, [book()]);
    await one.settled();
    await expect(one.rebuildStream('none', 'customer-a', 'ada')).rejects.toMatchObject({
      code: 'not-found',
      id: 'none',
    });
    await expect(one.rebuildStream('book', 'customer-z', 'ada')).rejects.toMatchObject({
      code: 'not-found',
      what: 'stream',
    });
  });
});
