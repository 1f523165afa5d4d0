import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMongo, type MongoServer } from '@nestfold/dev-stack';
import { MongoClient, type Db } from 'mongodb';
import { until } from '../support/until.js';
import { ShopClient } from './shop-client.js';
import { startShop, type ShopProcess } from './shop-process.js';

/** A server of its own, and what shops need to run on it. */
export interface ShopStage {
  readonly server: MongoServer;
  readonly client: MongoClient;
  readonly database: Db;
  /** Starts a shop process on the stage's database, by whatever address. */
  shop(mongodbUri?: string, port?: number): Promise<ShopProcess>;
  close(): Promise<void>;
}

/** Opens a stage without shops. All its shops believe each other's tokens. */
export async function openStage(name: string): Promise<ShopStage> {
  const server = await startMongo({ ephemeral: {}, ignoreUri: true });
  const client = await new MongoClient(server.uri).connect();
  const folder = await mkdtemp(join(tmpdir(), 'nestfold-shop-'));
  const shops: ShopProcess[] = [];
  return {
    server,
    client,
    database: client.db(name),
    shop: async (mongodbUri = server.uri, port) => {
      const shop = await startShop({ MONGODB_URI: mongodbUri, MONGODB_DATABASE: name, DATA_DIR: folder }, port);
      shops.push(shop);
      return shop;
    },
    close: async () => {
      for (const shop of shops) await shop.kill();
      await client.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Registers the sample customers and lists a product; answers the product's id when orders may name it. */
export async function furnish(url: string): Promise<string> {
  const admin = await ShopClient.login(url, 'admin');
  for (const user of ['customer', 'customer2']) {
    const customer = await ShopClient.login(url, user);
    const shippingAddress = {
      street: '1 Main Street',
      city: 'Springfield',
      state: 'IL',
      zipCode: '62701',
      country: 'US',
    };
    await expectAccepted(
      customer.post('/customers', { name: user, email: `${user}@shop.test`, shippingAddress }, `register-${user}`),
    );
  }
  const product = {
    name: 'Lamp',
    sku: 'L-1',
    description: '',
    brand: 'Lumen',
    category: 'Home',
    price: { amount: '20.00', currency: 'USD' },
    stockLevel: 100,
  };
  const productId = await expectAccepted(admin.post('/products', product, 'list-lamp'));
  const customer = await ShopClient.login(url, 'customer');
  // An order that is accepted with the product and placed proves that the cards of both are there.
  await until('the shop to know its product and customers', async () => {
    const { status, body } = await customer.post('/orders', { items: [{ productId, quantity: 1 }] });
    return status === 202 && (await customer.post(`/orders/${body.id}/place`, {})).status === 202;
  });
  return productId;
}

async function expectAccepted(answer: Promise<{ status: number; body: { id?: string } }>): Promise<string> {
  const { status, body } = await answer;
  if (status !== 202) throw new Error(`Refused with ${status}: ${JSON.stringify(body)}`);
  return body.id ?? '';
}
