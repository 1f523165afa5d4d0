import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composition } from '../orders-alone.contexts.js';
import { lamp, startTestShop, type TestShop } from './shop.fixture.js';

// Where the other contexts are elsewhere, stand-ins state the facts that orders need. This holds for every choice of contexts.
describe('orders, whatever else is part of the application', () => {
  let shop: TestShop;
  let productId: string;

  beforeAll(async () => {
    shop = await startTestShop('orders_alone', composition);
    await shop.fill();
    productId = await someProduct();
  });
  afterAll(() => shop.stop());

  /** A listed one where there is a catalogue, else the stand-in's. */
  async function someProduct(): Promise<string> {
    if (!('/products' in shop.openapi.paths)) return 'p001';
    const { body } = await shop.admin.post('/products?waitFor=orders-read&waitForMs=20000', lamp);
    return body.id ?? '';
  }

  it('go from a draft to the door', async () => {
    const drafted = await shop.customer.post('/orders', { items: [{ productId, quantity: 2 }] });
    expect([drafted.status, drafted.body.version]).toEqual([202, 2]);
    const at = `/orders/${drafted.body.id}`;
    expect((await shop.customer.post(`${at}/place`)).body.version).toBe(3);
    for (const [index, status] of ['confirmed', 'shipped', 'delivered'].entries())
      expect((await shop.admin.put(`${at}/status`, { status, version: 3 + index })).status).toBe(202);
    await shop.settled();
    expect((await shop.customer.get(at)).body).toMatchObject({
      status: 'delivered',
      version: 6,
      items: [{ productId }],
    });
    expect((await shop.customer.get('/customers/customer/orders')).body).toMatchObject({ total: 1 });
  });

  it('are refused to those without a token, to others, and where there is no such product', async () => {
    const { id } = (await shop.customer.post('/orders?waitFor=orders-read&waitForMs=20000', {})).body;
    expect((await shop.anonymous.get(`/orders/${id}`)).status).toBe(401);
    expect((await shop.other.get(`/orders/${id}`)).status).toBe(404);
    expect((await shop.customer.get('/admin/projections')).status).toBe(403);
    const unknown = await shop.customer.post(`/orders/${id}/items`, { productId: 'nothing', quantity: 1 });
    expect([unknown.status, unknown.body.code]).toEqual([422, 'order.product-unknown']);
  });

  it('are shown the same after a rebuild', async () => {
    await shop.settled();
    const before = (await shop.admin.get('/orders?sort=createdAt')).body;
    const { status, body, headers } = await shop.admin.post('/admin/projections/orders-read/rebuild');
    expect([status, headers.get('location')]).toEqual([202, `/admin/rebuilds/${body.id}`]);
    await expect
      .poll(async () => (await shop.admin.get(`/admin/rebuilds/${body.id}`)).body['state'], { timeout: 30_000 })
      .toBe('done');
    expect((await shop.admin.get('/orders?sort=createdAt')).body).toEqual(before);
    expect(shop.complaints).toEqual([]);
  });

  it('are filled in as often as asked, and once', async () => {
    await shop.fill();
    const customer = (await shop.admin.get('/admin/streams/customer-customer')).body;
    expect((customer['events'] as unknown[]).length).toBe(1);
  });
});
