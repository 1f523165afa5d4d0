import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShopCaller } from './shop-caller.js';
import { lamp, startTestShop, type TestShop } from './shop.fixture.js';

// Removed once and seen to fail here: newId in DraftOrderHandler (a second order, and 422 for the repetition).
describe('a command that is repeated under one Idempotency-Key', () => {
  let shop: TestShop;
  let productId: string;

  beforeAll(async () => {
    shop = await startTestShop('idempotency');
    const { body } = await shop.admin.post('/products', lamp);
    productId = body.id ?? '';
    await shop.settled();
  });
  afterAll(() => shop.stop());

  const key = () => ({ 'idempotency-key': randomUUID() });
  const orders = async (caller: ShopCaller) => {
    await shop.settled();
    return Number((await caller.get('/orders')).body['total']);
  };

  it('makes one order, however often and at once it is sent [H-1]', async () => {
    const before = await orders(shop.customer);
    const headers = key();
    const body = { items: [{ productId, quantity: 1 }] };
    const answers = await Promise.all(Array.from({ length: 10 }, () => shop.customer.post('/orders', body, headers)));
    answers.push(await shop.customer.post('/orders', body, headers));
    const [first] = answers;
    expect(first).toMatchObject({ status: 202, body: { version: 2 } });
    expect(answers.map((one) => [one.status, one.body, one.headers.get('location')])).toEqual(
      answers.map(() => [202, first?.body, `/orders/${first?.body.id}`]),
    );
    expect(await orders(shop.customer)).toBe(before + 1);
  });

  it('takes effect once on an order, and answers the first receipt long after [H-1]', async () => {
    const { id } = (await shop.customer.post('/orders', {})).body;
    const headers = key();
    const add = () => shop.customer.post(`/orders/${id}/items`, { productId, quantity: 1 }, headers);
    expect((await add()).body).toEqual({ id, version: 2 });
    expect((await add()).body).toEqual({ id, version: 2 });
    expect((await shop.customer.post(`/orders/${id}/place`)).body.version).toBe(3);
    // The order would refuse another item by now: nothing is decided again.
    expect(await add()).toMatchObject({ status: 202, body: { id, version: 2 } });
    await shop.settled();
    expect((await shop.customer.get(`/orders/${id}`)).body).toMatchObject({ items: [{ quantity: 1 }], version: 3 });
  });

  it('answers the first receipt even when what it rested on has changed', async () => {
    const headers = key();
    const body = { items: [{ productId, quantity: 2 }] };
    const first = await shop.customer.post('/orders', body, headers);
    const raised = { price: { amount: '25.00', currency: 'USD' } };
    expect((await shop.admin.put(`/products/${productId}`, raised)).status).toBe(202);
    await shop.settled();
    expect((await shop.customer.post('/orders', body, headers)).body).toEqual(first.body);
    expect((await shop.customer.get(`/orders/${first.body.id}`)).body).toMatchObject({
      items: [{ unitPrice: { amount: '20.00' } }],
    });
  });

  it('is refused with another body', async () => {
    const headers = key();
    expect((await shop.customer.post('/orders', { items: [{ productId, quantity: 1 }] }, headers)).status).toBe(202);
    expect(await shop.customer.post('/orders', { items: [{ productId, quantity: 2 }] }, headers)).toMatchObject({
      status: 422,
      body: { code: 'command.key-reused' },
    });
  });

  it('is another command when somebody else sends it', async () => {
    const headers = key();
    const mine = await shop.customer.post('/orders', {}, headers);
    const theirs = await shop.other.post('/orders', {}, headers);
    expect([mine.status, theirs.status]).toEqual([202, 202]);
    expect(theirs.body.id).not.toBe(mine.body.id);
    await shop.settled();
    expect((await shop.other.get(`/orders/${mine.body.id}`)).status).toBe(404);
  });

  it('may fail first and succeed later: a refusal is not remembered', async () => {
    const { id } = (await shop.customer.post('/orders', {})).body;
    const headers = key();
    expect((await shop.customer.post(`/orders/${id}/place`, {}, headers)).status).toBe(422);
    await shop.customer.post(`/orders/${id}/items`, { productId, quantity: 1 });
    expect((await shop.customer.post(`/orders/${id}/place`, {}, headers)).status).toBe(202);
  });

  it('needs a key that is fit', async () => {
    for (const unfit of ['', 'x'.repeat(201)]) {
      const answer = await shop.customer.post('/orders', {}, { 'idempotency-key': unfit });
      expect(answer).toMatchObject({ status: 400, body: { code: 'message.invalid' } });
    }
  });
});
