import { setTimeout as pause } from 'node:timers/promises';
import { developmentUsers } from '@shop/platform';
import { eventually, mustAnswer } from './expectations.js';
import { ShopClient } from './shop-client.js';
import { CUSTOMER_ID, type Stage } from './stage.js';
import type { Page, Product } from './wire.js';

const NEEDED_PRODUCTS = 3;
const ADDRESS = { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' };

/** Logs everybody in, lets a seeding that is under way end, and adds what a shop without samples lacks. */
export async function prepareStage(url: string, measured: (milliseconds: number) => void): Promise<Stage> {
  const nobody = new ShopClient(url, measured);
  await eventually('the shop to be ready', async () =>
    (await nobody.get('/health/ready')).status === 200 ? true : undefined,
  );
  const admin = await logInAs(nobody, 'admin');
  const customer = await logInAs(nobody, CUSTOMER_ID);
  const otherCustomer = await logInAs(nobody, 'customer-2');
  await seedingEnded(admin);
  for (const [client, id] of [
    [customer, CUSTOMER_ID],
    [otherCustomer, 'customer-2'],
  ] as const)
    await registered(client, id);
  const products = await someProducts(nobody, admin);
  return { nobody, admin, customer, otherCustomer, products, lags: [], readRates: [] };
}

async function logInAs(nobody: ShopClient, id: string): Promise<ShopClient> {
  const user = developmentUsers.find((candidate) => candidate.id === id);
  if (user === undefined) throw new Error(`There is no development user '${id}'.`);
  return nobody.logIn(user.email, user.password);
}

/** The seeding writes down its beginning and its end, where every operator can read it. */
async function seedingEnded(admin: ShopClient): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const { status, body } = await admin.get<{ events: readonly { type: string }[] }>('/admin/streams/seeding-samples');
    const events = status === 200 ? body.events : [];
    if (events.length === 0 || events.some(({ type }) => type === 'seeding.completed')) return;
    if (Date.now() > deadline) throw new Error('The samples of the shop are still incomplete after two minutes.');
    await pause(250);
  }
}

async function registered(client: ShopClient, id: string): Promise<void> {
  const { status } = await client.get(`/customers/${id}`);
  if (status === 200) return;
  mustAnswer(
    await client.post('/customers', { name: 'Casey Rivers', email: `${id}@shop.test`, shippingAddress: ADDRESS }),
    202,
  );
  await eventually(`customer ${id}`, async () =>
    (await client.get(`/customers/${id}`)).status === 200 ? true : undefined,
  );
}

async function someProducts(nobody: ShopClient, admin: ShopClient): Promise<readonly Product[]> {
  const find = async (): Promise<readonly Product[]> => {
    const page = await nobody.get<Page<Product>>('/products?inStock=true&sort=price&pageSize=20');
    return mustAnswer(page, 200).items;
  };
  for (let missing = NEEDED_PRODUCTS - (await find()).length; missing > 0; missing -= 1) {
    const details = {
      name: `Demo Lamp ${missing}`,
      description: 'Made by the demo.',
      brand: 'Lumenfeld',
      category: 'Home > Lighting > Lamps',
    };
    const product = {
      ...details,
      sku: `DEMO-${missing}`,
      price: { amount: '19.50', currency: 'USD' },
      stockLevel: 100,
    };
    mustAnswer(
      await admin.post('/products', product, { headers: { 'idempotency-key': `demo-product-${missing}` } }),
      202,
    );
  }
  return eventually('products to order', async () => {
    const found = await find();
    return found.length >= NEEDED_PRODUCTS ? found : undefined;
  });
}
