import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerBody, ShopCaller } from './shop-caller.js';
import { home, startTestShop, type TestShop } from './shop.fixture.js';

describe('ordering', () => {
  let shop: TestShop;
  let lamp: string;
  let rug: string;

  beforeAll(async () => {
    shop = await startTestShop('ordering');
    lamp = await list({ name: 'Desk Lamp', sku: 'L-1', price: '20.00' });
    rug = await list({ name: 'Woven Rug', sku: 'R-1', price: '80.00' });
  });
  afterAll(() => shop.stop());

  async function list({ name, sku, price }: { name: string; sku: string; price: string }): Promise<string> {
    const { status, body } = await shop.admin.post('/products', {
      name,
      sku,
      description: `A ${name.toLowerCase()} for your home.`,
      brand: 'Lumen',
      category: 'Home > Things',
      features: { color: ['Black', 'White'] },
      price: { amount: price, currency: 'USD' },
      stockLevel: 10,
    });
    expect(status).toBe(202);
    await shop.settled();
    return body.id ?? '';
  }

  async function order(items: readonly unknown[], caller: ShopCaller = shop.customer): Promise<string> {
    const { status, body } = await caller.post('/orders', { items });
    expect([status, body.version]).toEqual([202, 1 + items.length]);
    return body.id ?? '';
  }

  async function shown(id: string, caller: ShopCaller = shop.customer): Promise<AnswerBody> {
    await shop.settled();
    const { status, body } = await caller.get(`/orders/${id}`);
    expect(status).toBe(200);
    return body;
  }

  it('goes from a draft to the door, at the prices of the shop', async () => {
    const created = await shop.customer.post('/orders', {});
    const { id = '' } = created.body;
    expect([created.status, created.headers.get('location'), created.headers.get('etag')]).toEqual([
      202,
      `/orders/${id}`,
      '"1"',
    ]);
    expect((await shop.customer.post(`/orders/${id}/items`, { productId: lamp, quantity: 1 })).body.version).toBe(2);
    expect((await shop.customer.post(`/orders/${id}/items`, { productId: lamp, quantity: 2 })).body.version).toBe(3);
    expect((await shop.customer.post(`/orders/${id}/items`, { productId: rug, quantity: 1 })).body.version).toBe(4);
    expect((await shop.customer.send('DELETE', `/orders/${id}/items/${rug}`)).body.version).toBe(5);
    expect((await shop.customer.post(`/orders/${id}/place`)).body.version).toBe(6);
    for (const [index, status] of ['confirmed', 'shipped', 'delivered'].entries()) {
      const moved = await shop.admin.put(`/orders/${id}/status`, { status, version: 6 + index });
      expect([moved.status, moved.body.version]).toEqual([202, 7 + index]);
    }
    const usd = (amount: string) => ({ amount, currency: 'USD' });
    expect(await shown(id)).toMatchObject({
      id,
      version: 9,
      status: 'delivered',
      customer: { customerId: 'customer', name: 'Customer 1', vipStatus: 'regular' },
      items: [
        {
          productId: lamp,
          product: { name: 'Desk Lamp', sku: 'L-1', brand: 'Lumen' },
          quantity: 3,
          unitPrice: usd('20.00'),
          subtotal: usd('60.00'),
        },
      ],
      subtotal: usd('60.00'),
      tax: usd('6.00'),
      shipping: usd('10.00'),
      total: usd('76.00'),
      shippingAddress: home,
      billingAddress: home,
      lastSyncedFrom: { writeModelVersion: 9 },
    });
    const { statusHistory } = await shown(id);
    const stages = (statusHistory as { status: string }[]).map(({ status }) => status);
    expect(stages).toEqual(['draft', 'pending', 'confirmed', 'shipped', 'delivered']);
  });

  it('refuses by the name of the rule', async () => {
    const id = await order([]);
    expect(await shop.customer.post(`/orders/${id}/place`)).toMatchObject({
      status: 422,
      body: { code: 'order.empty' },
    });
    const unknown = await shop.customer.post(`/orders/${id}/items`, { productId: 'nothing', quantity: 1 });
    expect(unknown).toMatchObject({ status: 422, body: { code: 'order.product-unknown' } });
    expect((await shop.customer.post(`/orders/${id}/cancel`)).status).toBe(202);
    expect(await shop.customer.post(`/orders/${id}/cancel`)).toMatchObject({
      status: 422,
      body: { code: 'order.already-cancelled' },
    });
  });

  it('answers a stale version with 412 where a header stated it, and with 409 where the body did [H-2]', async () => {
    const id = await order([{ productId: lamp, quantity: 1 }]);
    const stale = await shop.customer.post(`/orders/${id}/place`, {}, { 'if-match': '"1"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'stream.conflict' } });
    expect((await shop.customer.post(`/orders/${id}/place`, {}, { 'if-match': '"2"' })).status).toBe(202);
    const late = await shop.admin.put(`/orders/${id}/status`, { status: 'confirmed', version: 2 });
    expect(late).toMatchObject({ status: 409, body: { code: 'stream.conflict' } });
    const confirm = (ifMatch: string) =>
      shop.admin.put(`/orders/${id}/status`, { status: 'confirmed', version: 3 }, { 'if-match': ifMatch });
    expect((await confirm('"2"')).status).toBe(412);
    expect((await confirm('"3"')).status).toBe(202);
  });

  it('finds orders by words, stage, amount and customer, page by page', async () => {
    const ids = [
      await order([{ productId: rug, quantity: 1 }], shop.other),
      await order([{ productId: rug, quantity: 2 }], shop.other),
      await order([{ productId: rug, quantity: 3 }], shop.other),
    ];
    await shop.settled();
    const found = async (path: string, caller = shop.admin) =>
      ((await caller.get(path)).body['items'] as { id: string }[]).map(({ id }) => id);
    expect(new Set(await found('/orders?text=woven&pageSize=100'))).toEqual(new Set(ids));
    expect(await found('/orders?text=woven&minTotal=150&maxTotal=200')).toEqual([ids[1]]);
    expect(await found('/customers/customer-2/orders?sort=-total&status=draft', shop.other)).toEqual(
      [...ids].reverse(),
    );
    expect(await found('/customers/customer-2/orders?sort=createdAt&page=2&pageSize=2')).toEqual([ids[2]]);
    expect(await found('/customers/customer-2/orders?to=2001-01-01')).toEqual([]);
    expect(await shop.admin.get('/customers/customer-2/orders?page=2&pageSize=2')).toMatchObject({
      body: { page: 2, pageSize: 2, total: 3, pages: 2 },
    });
  });

  it('shows a renamed customer in all of their orders, and finds these by the new name', async () => {
    const id = await order([{ productId: lamp, quantity: 1 }], shop.other);
    expect((await shop.other.put('/customers/customer-2', { name: 'Zephyrine Quill' })).status).toBe(202);
    expect(await shown(id, shop.other)).toMatchObject({ customer: { name: 'Zephyrine Quill' } });
    const { body } = await shop.admin.get('/orders?text=Zephyrine&pageSize=100');
    expect((body['items'] as { id: string }[]).map((one) => one.id)).toContain(id);
    expect((await shop.admin.get('/customers/customer-2')).body).toMatchObject({ name: 'Zephyrine Quill', version: 2 });
  });

  it('reports on the day', async () => {
    const id = await order([{ productId: rug, quantity: 5 }], shop.other);
    const before = (await shop.admin.get('/reports/daily')).body;
    expect((await shop.other.post(`/orders/${id}/place`)).status).toBe(202);
    await shop.settled();
    const after = (await shop.admin.get('/reports/daily')).body;
    expect(after['orderCount']).toBe(Number(before['orderCount']) + 1);
    expect(after).toMatchObject({
      topCustomers: [{ customerId: 'customer-2', totalSpent: { amount: '450.00' } }, {}],
      topProducts: [{ productId: rug, name: 'Woven Rug', unitsSold: 5, revenue: { amount: '400.00' } }, {}],
    });
    expect((await shop.admin.get('/reports/daily?date=2001-01-01')).body).toMatchObject({
      orderCount: 0,
      topProducts: [],
    });
  });

  it('shows the catalogue to everybody, with what sells', async () => {
    const page = async (query: string) =>
      ((await shop.anonymous.get(`/products?${query}`)).body['items'] as { id: string }[]).map(({ id }) => id);
    expect(await page('text=lamp')).toEqual([lamp]);
    expect(await page('sort=-price&category=Home&brand=Lumen&inStock=true&feature=color:Black')).toEqual([rug, lamp]);
    expect(await page('feature=color:Red')).toEqual([]);
    expect(await page('minPrice=50')).toEqual([rug]);
    const trending = (await shop.anonymous.get('/products/trending?limit=1')).body['items'];
    // The lamp was in two confirmed orders above.
    expect(trending).toMatchObject([{ id: lamp, metrics: { purchaseCount: 2, trendingScore: 0.04 } }]);
  });

  it('rates and restocks products', async () => {
    expect((await shop.customer.post(`/products/${rug}/ratings`, { rating: 4 })).status).toBe(202);
    expect((await shop.admin.post(`/products/${rug}/stock`, { change: -10 })).status).toBe(202);
    expect(await shop.admin.post(`/products/${rug}/stock`, { change: -1 })).toMatchObject({
      status: 422,
      body: { code: 'product.stock-negative' },
    });
    await shop.settled();
    const { headers, body } = await shop.anonymous.get(`/products/${rug}`);
    expect(body).toMatchObject({ metrics: { averageRating: 4, reviewCount: 1 }, inStock: false, version: 2 });
    expect(headers.get('etag')).toBe('"2"');
    expect(
      (await shop.admin.put(`/products/${rug}`, { price: { amount: '85', currency: 'USD' } }, { 'if-match': '"1"' }))
        .status,
    ).toBe(412);
  });

  it('is healthy and logs no error', async () => {
    expect((await shop.anonymous.get('/health/live')).status).toBe(200);
    expect(await shop.anonymous.get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
    expect(shop.complaints).toEqual([]);
  });
});
