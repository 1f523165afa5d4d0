import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ReplyProxy } from '../faults/reply-proxy.js';
import { ShopClient, type Answer, type Request } from './shop-client.js';
import { foldedOrders } from './shop-judge.js';
import { furnish, openStage, type ShopStage } from './shop-stage.js';

const ROUNDS = 25;

describe('a command over HTTP whose reply is lost', () => {
  let stage: ShopStage;
  let proxy: ReplyProxy;
  let productId: string;
  let lossy: ShopClient;
  let customer: ShopClient;
  let other: ShopClient;

  beforeAll(async () => {
    stage = await openStage('shop_lost_reply');
    proxy = await ReplyProxy.open(stage.server.nodes[0]!.port);
    const [behindProxy, direct] = await Promise.all([stage.shop(proxy.uri), stage.shop()]);
    productId = await furnish(direct.url);
    customer = await ShopClient.login(direct.url, 'customer');
    other = await ShopClient.login(direct.url, 'customer2');
    lossy = customer.at(behindProxy.url);
  });
  beforeEach(() => proxy.swallow());
  afterAll(async () => {
    proxy?.swallow();
    await stage?.close();
    await proxy?.close();
  });

  /** The database has done it, but nobody hears of it: the shop behind the proxy is still asking, and answers later. */
  async function lose(request: Request, replies: number): Promise<{ readonly later: Promise<Answer> }> {
    proxy.swallow({ command: 'insert', collection: 'commits', times: replies, how: 'cut' });
    const lost = proxy.next();
    const later = lossy.send(request);
    await lost;
    return { later };
  }

  const order = async (): Promise<string> =>
    (await customer.post('/orders', { items: [{ productId, quantity: 1 }] })).body.id ?? '';
  const countOrders = async (): Promise<number> => (await foldedOrders(stage.database)).size;

  // Without the search for the command's own commit when the stream has moved on, the repetition adds its pieces a second time.
  it(`takes effect once though another writer came between, over ${ROUNDS} rounds`, { timeout: 90_000 }, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await order();
      const request = {
        method: 'POST',
        path: `/orders/${id}/items`,
        body: { productId, quantity: 2 },
        key: randomUUID(),
      };
      const { later } = await lose(request, 2 + 2 * (round % 2));
      expect(await customer.post(`/orders/${id}/items`, { productId, quantity: 4 })).toMatchObject({
        status: 202,
        body: { version: 4 },
      });
      const repeated = await customer.send(request);
      expect(repeated).toEqual({ status: 202, body: { id, version: 3 } });
      expect([await later, await lossy.send(request)]).toEqual([repeated, repeated]);
      expect((await foldedOrders(stage.database)).get(id)).toMatchObject({ version: 4, quantity: 7 });
    }
  });

  it(`makes one order of a repeated POST /orders, over ${ROUNDS} rounds`, { timeout: 90_000 }, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await countOrders();
      const request = {
        method: 'POST',
        path: '/orders',
        body: { items: [{ productId, quantity: 1 }] },
        key: randomUUID(),
      };
      const { later } = await lose(request, 2 + 2 * (round % 2));
      const first = await customer.send(request);
      expect(first).toMatchObject({ status: 202, body: { version: 2 } });
      // The other writer, on the very order that the lost reply was about.
      await customer.post(`/orders/${first.body.id}/items`, { productId, quantity: 1 });
      expect(await customer.send(request)).toEqual(first);
      expect([await later, await lossy.send(request)]).toEqual([first, first]);
      expect(await countOrders()).toBe(before + 1);
    }
  });

  it('is refused under the same key with another body, and shows nothing to another user', async () => {
    const key = randomUUID();
    const request = { method: 'POST', path: '/orders', body: { items: [{ productId, quantity: 1 }] }, key };
    const { later } = await lose(request, 4);
    const before = await countOrders();
    expect(await customer.send({ ...request, body: { items: [{ productId, quantity: 9 }] } })).toMatchObject({
      status: 422,
      body: { code: 'command.key-reused' },
    });
    const mine = await customer.send(request);
    expect(await later).toEqual(mine);
    const theirs = await other.send(request);
    expect([mine.status, theirs.status]).toEqual([202, 202]);
    expect(theirs.body.id).not.toBe(mine.body.id);
    expect((await other.get(`/orders/${mine.body.id}`)).status).toBe(404);
    expect(await countOrders()).toBe(before + 1);
  });

  it(
    'is answered 503 when the database stays silent, to be repeated under the same key',
    { timeout: 60_000 },
    async () => {
      const id = await order();
      const request = {
        method: 'POST',
        path: `/orders/${id}/items`,
        body: { productId, quantity: 2 },
        key: randomUUID(),
      };
      proxy.swallow({ command: 'insert', collection: 'commits', times: 100_000, how: 'cut' });
      expect(await lossy.send(request)).toMatchObject({ status: 503, body: { code: 'append.outcome-unknown' } });
      proxy.swallow();
      expect(await lossy.send(request)).toEqual({ status: 202, body: { id, version: 3 } });
      expect((await foldedOrders(stage.database)).get(id)).toMatchObject({ version: 3, quantity: 3 });
    },
  );
});
