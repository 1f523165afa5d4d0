import 'reflect-metadata';
import { Nestfold } from '@nestfold/nestjs';
import { testDatabase } from '@nestfold/dev-stack';
import { ProductCatalog } from '@shop/catalog';
import { CustomerRecord } from '@shop/customers';
import { OrderRead } from '@shop/orders';
import { loadConfig } from '@shop/platform';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commandsOf, samplesOf } from '../seed/samples.js';
import { Seeder } from '../seed/seeder.js';
import { startShop, type RunningShop } from './start-shop.js';

const database = testDatabase('shop');
let folder: string;
let shop: RunningShop;

const configWith = (env: Readonly<Record<string, string>> = {}) =>
  loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: 'warn',
    MONGODB_URI: database.uri,
    MONGODB_DATABASE: database.name,
    DATA_DIR: folder,
    ...env,
  });

const start = async (env?: Readonly<Record<string, string>>): Promise<RunningShop> => {
  const started = await startShop(configWith(env));
  if (started === undefined) throw new Error('The start was given up.');
  return started;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nestfold-boot-'));
  shop = await start();
});

afterAll(async () => {
  await shop.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const counts = async (): Promise<readonly number[]> => {
  const nestfold = shop.app.get(Nestfold);
  await nestfold.settled({ timeoutMs: 30_000 });
  return Promise.all(
    [ProductCatalog, CustomerRecord, OrderRead].map((model) => nestfold.readModel<object>(model).count()),
  );
};

describe('the shop in one process', () => {
  it('becomes ready on a real MongoDB', async () => {
    expect(await fetch(`${shop.address}/health/live`).then((answer) => answer.status)).toBe(200);
    await vi.waitFor(async () => expect((await fetch(`${shop.address}/health/ready`)).status).toBe(200), {
      timeout: 20_000,
    });
  });

  it('leads whoever opens its address to its page', async () => {
    const answer = await fetch(shop.address, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/docs']);
    expect(await fetch(shop.address).then((page) => page.text())).toContain('swagger-ui');
  });

  it('completes samples that were interrupted, each of them once, and then leaves the shop alone', async () => {
    const seeder = shop.app.get(Seeder, { strict: false });
    const interrupted = new AbortController();
    const stopped = await seeder.seed({
      signal: interrupted.signal,
      progress: (done) => {
        if (done === 500) interrupted.abort();
      },
    });
    expect(stopped.outcome).toBe('stopped');
    expect((await counts())[2]).toBeLessThan(500);

    const samples = samplesOf();
    expect(await seeder.seed()).toMatchObject({ outcome: 'seeded', commands: commandsOf(samples) });
    // Without keys in Seeder.send the second run throws a conflict at the first product, and orders are there twice.
    expect(await counts()).toEqual([samples.products.length, samples.customers.length, samples.orders.length]);
    const statuses = await Promise.all(
      (['draft', 'pending', 'confirmed', 'shipped', 'delivered', 'cancelled'] as const).map((status) =>
        shop.app.get(Nestfold).readModel(OrderRead).count({ where: { status } }),
      ),
    );
    expect(statuses).toEqual([40, 70, 90, 80, 170, 50]);
    expect(await seeder.seed()).toMatchObject({ outcome: 'kept', commands: 0 });
  });

  it('refuses a taken port before it opens anything, and says what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await vi.waitFor(() => expect(other.address()).not.toBeNull(), 10_000);
    const { port } = other.address() as AddressInfo;
    await expect(startShop(configWith({ PORT: String(port) }))).rejects.toThrow(`PORT=${port + 1}`);
    other.close();
  });
});
