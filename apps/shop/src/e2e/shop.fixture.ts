import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase } from '@nestfold/dev-stack';
import { mongo } from '@nestfold/mongodb';
import { Nestfold } from '@nestfold/nestjs';
import { createPino, createShopApp, loadConfig, openApiDocument } from '@shop/platform';
import type { Composition } from '../composition.js';
import { composition } from '../contexts.js';
import { shopModule } from '../shop.module.js';
import { ShopCaller } from './shop-caller.js';

/** A whole shop over a database of its own, listening on a free port of the loopback. */
export interface TestShop {
  readonly url: string;
  readonly openapi: ReturnType<typeof openApiDocument>;
  /** Nobody. */
  readonly anonymous: ShopCaller;
  readonly admin: ShopCaller;
  /** A registered customer, and another one. */
  readonly customer: ShopCaller;
  readonly other: ShopCaller;
  /** Waits until the read models show everything that was written. */
  settled(): Promise<void>;
  /** Where its documents are, for tests that damage them. */
  readonly database: { readonly uri: string; readonly name: string };
  /** Adds what an empty database is filled with. */
  fill(): Promise<void>;
  /** Lines that were logged as errors. */
  readonly complaints: readonly string[];
  stop(): Promise<void>;
}

/** Starts a shop without samples, with two customers registered where it has accounts. */
export async function startTestShop(name: string, contexts: Composition = composition): Promise<TestShop> {
  const database = testDatabase(name);
  const folder = await mkdtemp(join(tmpdir(), 'nestfold-e2e-'));
  const config = loadConfig({ NODE_ENV: 'test', SEED: 'off', DATA_DIR: folder });
  const complaints: string[] = [];
  const pino = createPino('error', { write: (line: string) => void complaints.push(line) });
  const store = mongo({ uri: database.uri, database: database.name });
  const app = await createShopApp(shopModule(config, { store, pino, contexts }), pino);
  const server = await app.listen(0, '127.0.0.1');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const anonymous = new ShopCaller(url);
  const [admin, customer, other] = await Promise.all([
    anonymous.login('admin@shop.test', 'admin'),
    anonymous.login('customer@shop.test', 'customer'),
    anonymous.login('customer2@shop.test', 'customer2'),
  ]);
  const nestfold = app.get(Nestfold);
  const settled = () => nestfold.settled({ timeoutMs: 60_000 });
  const openapi = openApiDocument(app);
  if ('/customers' in openapi.paths) await registerCustomers(customer, other);
  await settled();
  return {
    url,
    openapi,
    anonymous,
    admin,
    customer,
    other,
    database: { uri: database.uri, name: database.name },
    complaints,
    fill: async () => {
      await contexts.fill(app, { say: () => undefined, signal: new AbortController().signal });
      await settled();
    },
    settled,
    stop: async () => {
      await app.close();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

/** A product that is fit. */
export const lamp = {
  name: 'Lamp',
  sku: 'L-1',
  description: '',
  brand: 'Lumen',
  category: 'Home',
  price: { amount: '20.00', currency: 'USD' },
  stockLevel: 100,
};

/** An address that is fit. */
export const home = { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' };

async function registerCustomers(...callers: readonly ShopCaller[]): Promise<void> {
  for (const [index, caller] of callers.entries()) {
    const body = { name: `Customer ${index + 1}`, email: `customer${index + 1}@shop.test`, shippingAddress: home };
    const { status } = await caller.send('POST', '/customers', { body });
    if (status !== 202) throw new Error(`A customer could not be registered: ${status}`);
  }
}
