import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestShop, type TestShop } from './shop.fixture.js';

describe('what one stream feeds', () => {
  let shop: TestShop;
  let client: MongoClient;

  beforeAll(async () => {
    shop = await startTestShop('stream-rebuild');
    client = await MongoClient.connect(shop.database.uri);
  });
  afterAll(async () => {
    await client.close();
    await shop.stop();
  });

  const path = (projection: string, stream: string) => `/admin/projections/${projection}/streams/${stream}/rebuild`;

  it('is made anew by an administrator, and nothing else is touched', async () => {
    const ids: string[] = [];
    for (const name of ['Ada', 'Grace']) {
      const { status, body } = await shop.admin.post('/customers?waitFor=customers&waitForMs=20000', {
        name,
        email: `${name}@shop.test`,
      });
      expect([status, body]).toEqual([202, expect.objectContaining({ applied: true })]);
      ids.push(String(body.id));
    }
    const records = client.db(shop.database.name).collection('customers.customers_read.v1.g1');
    await records.updateMany({ name: { $in: ['Ada', 'Grace'] } }, { $set: { name: 'Nobody' } });
    const names = async () =>
      Promise.all(ids.map(async (id) => (await shop.admin.get(`/customers/${id}`)).body['name']));
    expect(await names()).toEqual(['Nobody', 'Nobody']);

    const asked = await shop.admin.post(path('customers', `customer-${ids[0]}`));
    expect([asked.status, asked.headers.get('location')]).toEqual([202, path('customers', `customer-${ids[0]}`)]);
    await expect
      .poll(async () => (await shop.admin.get(asked.headers.get('location') ?? '')).body, { timeout: 10_000 })
      .toMatchObject({ id: asked.body.id, state: 'done', version: 1 });
    expect(await names()).toEqual(['Ada', 'Nobody']);
    expect(shop.complaints).toEqual([]);
  });

  it('is not made anew where other streams feed the same documents: 409 with the remedy; nor where it is not there', async () => {
    const { body } = await shop.customer.post('/orders?waitFor=orders-read&waitForMs=20000', {});
    expect(await shop.admin.post(path('orders-read', `order-${body.id}`))).toMatchObject({
      status: 409,
      body: {
        code: 'stream-rebuild.refused',
        details: { reason: expect.stringContaining('rebuild the whole projection') as string },
      },
    });
    for (const unknown of [path('customers', 'customer-none'), path('none', `order-${body.id}`)])
      expect((await shop.admin.post(unknown)).status).toBe(404);
  });
});
