import { describe, expect, it } from 'vitest';
import { databaseForEach } from '../../test/mongo.fixture.js';
import { endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import { OrderTrail, OrderTrailProjection } from '../fixtures/one-stream.fixture.js';
import { fast } from '../fixtures/store.fixture.js';
import { placed, readingClients } from './reading-clients.fixture.js';

const database = databaseForEach('waiting');
endEnginesAfterEach();

const settings = { ...fast, leaseMs: 5_000, graceMs: 60_000, partitions: 2 };
const WAIT = { timeout: 30_000 };

describe('waitFor on MongoDB', () => {
  it('ends from any process when a read there sees the effect [V-1]', async () => {
    const one = await started(await database.connect(), [OrderTrailProjection], { settings });
    await one.settled();
    const reader = await started(await database.connect(), [OrderTrailProjection], {
      settings,
      node: { id: 'reader', host: 'test', pid: 1, build: 'test', roles: [], commands: [] },
    });
    const store = await database.connect();
    for (let id = 0; id < 20; id += 1) {
      const target = await placed(store, `${id}`);
      expect(await reader.waitFor('order-trail', target, { timeoutMs: 20_000 })).toEqual({ applied: true });
      expect(await reader.readModel(OrderTrail).findById(target.stream)).toMatchObject({ events: 1 });
      // What was applied long ago is known without a wait.
      expect(await one.waitFor('order-trail', target, { timeoutMs: 20_000 })).toEqual({ applied: true });
    }
  }, 60_000);

  it('never goes backwards over swaps between 2, 8 and 3 partitions and back [B-4, V-1]', async () => {
    const engines = [
      await started(await database.connect(), [OrderTrailProjection], { settings }),
      await started(await database.connect(), [OrderTrailProjection], { settings }),
    ] as const;
    await engines[0].settled();
    const clients = readingClients(await database.connect(), engines, 4);
    for (const partitions of [8, 3]) {
      const { id } = await engines[0].rebuild('order-trail', 'test', { partitions });
      await expect.poll(async () => (await engines[1].rebuildStatus(id))?.state, WAIT).toBe('done');
    }
    await engines[1].rollback('order-trail', 'test');
    const { violations, waits } = await clients.stop();
    expect(violations).toEqual([]);
    expect(waits.length).toBeGreaterThan(20);
  }, 120_000);
});
