import { CommandClient, isCommandFailed } from '@nestfold/nestjs/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lamp, startTestShop, type TestShop } from './shop.fixture.js';

describe('?waitFor=', () => {
  let shop: TestShop;
  let productId: string;

  beforeAll(async () => {
    shop = await startTestShop('waiting');
    const { body } = await shop.admin.post('/products?waitFor=product-catalog,orders-read&waitForMs=20000', lamp);
    expect(body).toMatchObject({ version: 1, applied: true });
    productId = body.id ?? '';
  });
  afterAll(() => shop.stop());

  it('lets a customer read at once what was just ordered, each time [V-1]', async () => {
    const waiting = '?waitFor=orders-read&waitForMs=20000';
    for (let round = 0; round < 20; round += 1) {
      const drafted = await shop.customer.post(`/orders${waiting}`, { items: [{ productId, quantity: 1 }] });
      expect([drafted.status, drafted.body]).toEqual([202, { id: drafted.body.id, version: 2, applied: true }]);
      const at = `/orders/${drafted.body.id}`;
      expect((await shop.customer.get(at)).body).toMatchObject({ status: 'draft', version: 2 });
      expect((await shop.customer.post(`${at}/place${waiting}`)).body).toMatchObject({ version: 3, applied: true });
      expect((await shop.customer.get(at)).body).toMatchObject({ status: 'pending', version: 3 });
      expect((await shop.admin.send('DELETE', `${at}/items/none${waiting}`)).body).not.toHaveProperty('applied');
    }
  });

  it('keeps its word while the orders are built anew and swapped in [V-1]', async () => {
    const { body: rebuild } = await shop.admin.post('/admin/projections/orders-read/rebuild', {});
    let isDone = false;
    for (let rounds = 0; !isDone || rounds < 10; rounds += 1) {
      const { body } = await shop.customer.post('/orders?waitFor=orders-read&waitForMs=10000', {});
      expect(body).toMatchObject({ applied: true });
      expect((await shop.customer.get(`/orders/${body.id}`)).status).toBe(200);
      isDone = (await shop.admin.get(`/admin/rebuilds/${rebuild.id}`)).body['state'] === 'done';
    }
  }, 60_000);

  it('answers at once that an operator paused the projection; the command has taken effect [V-3]', async () => {
    await shop.admin.post('/admin/projections/orders-read/pause');
    await expect
      .poll(async () => (await shop.admin.get('/admin/projections/orders-read')).body['state'], { timeout: 10_000 })
      .toBe('paused');
    const begun = Date.now();
    const { status, body } = await shop.customer.post('/orders?waitFor=orders-read&waitForMs=30000', {});
    expect([status, body]).toEqual([202, { id: body.id, version: 1, applied: false, reason: 'paused' }]);
    expect(Date.now() - begun).toBeLessThan(10_000);
    await shop.admin.post('/admin/projections/orders-read/resume');
    await shop.settled();
    expect((await shop.customer.get(`/orders/${body.id}`)).status).toBe(200);
  }, 60_000);

  it('names the projections that there are', async () => {
    const { status, body } = await shop.customer.post('/orders?waitFor=orders', {});
    expect([status, body.errors?.[0]?.message]).toEqual([400, expect.stringContaining('orders-read')]);
  });

  it('is what the client helper says', async () => {
    const login = await shop.anonymous.post('/auth/token', { email: 'customer@shop.test', password: 'customer' });
    const headers = { authorization: `Bearer ${String(login.body['token'])}` };
    const client = new CommandClient({ url: shop.url, headers });
    const options = { key: 'from-the-client', waitFor: ['orders-read'], waitForMs: 10_000 };
    const answer = await client.send('POST', '/orders', {}, options);
    expect(answer).toMatchObject({ version: 1, applied: true });
    expect(await client.send('POST', '/orders', {}, options)).toEqual(answer);
    expect((await shop.customer.get(`/orders/${answer.id}`)).status).toBe(200);
    const error = await client.send('POST', `/orders/${answer.id}/place`, {}).catch((reason: unknown) => reason);
    expect(isCommandFailed(error) && [error.problem?.status, error.isUnknown]).toEqual([422, false]);
  });
});
