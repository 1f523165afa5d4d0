import { randomUUID } from 'node:crypto';
import { TcpProxy, type Loss } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ShopClient, type Answer, type Request } from './shop-client.js';
import { foldedOrders, type CountedOrder } from './shop-judge.js';
import { furnish, openStage, type ShopStage } from './shop-stage.js';

// The 200 rounds are these over both routes.
const ROUNDS = 100;
/** Rounds at once, on different orders: their commands share inserts too. */
const AT_ONCE = 20;
/** The driver repeats an insert once by itself: two lost replies reach the framework. */
const DRIVER_TRIES = 2;

describe('a command over HTTP whose reply is lost', () => {
  let stage: ShopStage;
  let proxy: TcpProxy;
  let productId: string;
  let lossy: ShopClient;
  let customer: ShopClient;
  let other: ShopClient;

  beforeAll(async () => {
    stage = await openStage('shop_lost_reply');
    proxy = await TcpProxy.start(stage.server.nodes[0]!.port);
    const [behindProxy, direct] = await Promise.all([
      stage.shop(`${proxy.uri}&minHeartbeatFrequencyMS=5`),
      stage.shop(),
    ]);
    productId = await furnish(direct.url);
    customer = await ShopClient.login(direct.url, 'customer');
    other = await ShopClient.login(direct.url, 'customer2');
    lossy = customer.at(behindProxy.url);
  });
  afterAll(async () => {
    proxy?.pass();
    await stage?.close();
    await proxy?.stop();
  });

  /** From now on the replies to the inserts of this request are lost. */
  function losing({ correlationId = '' }: Request, times: number): Loss {
    return proxy.lose({ command: 'insert', collection: 'commits', including: correlationId, times, by: 'closing' });
  }

  /** The database has done it, but nobody hears of it: the shop behind the proxy is still asking, and answers later. */
  async function lose(
    request: Request,
    times: number,
  ): Promise<{ readonly loss: Loss; readonly later: Promise<Answer> }> {
    const loss = losing(request, times);
    for (;;) {
      const later = lossy.send(request);
      const early = await Promise.race([loss.first, later]);
      if (early === undefined || loss.lost > 0) return { loss, later };
      // It could not even load the order: another round's cut took its connection. Its client repeats it.
      expect(early).toMatchObject({ status: 503, body: { code: 'store.unavailable' } });
    }
  }

  /** Lost up to the framework, once or twice in turn. */
  const timesIn = (round: number): number => DRIVER_TRIES * (1 + (round % 2));
  const command = (path: string, body: object): Request => ({
    method: 'POST',
    path,
    body,
    key: randomUUID(),
    correlationId: randomUUID(),
  });
  const draft = (): Request => command('/orders', { items: [{ productId, quantity: 1 }] });
  const order = async (): Promise<string> => (await customer.send(draft())).body.id ?? '';
  const countOrders = async (): Promise<number> => (await foldedOrders(stage.database)).size;
  const inLog = async (id = ''): Promise<CountedOrder | undefined> => (await foldedOrders(stage.database, id)).get(id);

  /** Rounds in groups of those at once; what a round answers is checked when its group has lost its last reply. */
  async function rounds(
    round: (index: number) => Promise<() => Promise<void>>,
    frame = (group: () => Promise<void>) => group(),
  ): Promise<void> {
    for (let first = 0; first < ROUNDS; first += AT_ONCE) {
      await frame(async () => {
        const checks = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => round(first + index)));
        await Promise.all(checks.map((check) => check()));
      });
    }
  }

  // Without both searches for a keyed command's own commit (`findOwnCommit`, the appender's `repetition`) the repetition adds its pieces a
  // second time (version 5), and this fails.
  it(
    `takes effect once though another writer came between, over ${ROUNDS} rounds [H-1]`,
    { timeout: 180_000 },
    async () => {
      let lost = 0;
      await rounds(async (round) => {
        const id = await order();
        const request = command(`/orders/${id}/items`, { productId, quantity: 2 });
        const { loss, later } = await lose(request, timesIn(round));
        expect(await customer.post(`/orders/${id}/items`, { productId, quantity: 4 })).toMatchObject({
          status: 202,
          body: { version: 4 },
        });
        const repeated = await customer.send(request);
        expect(repeated).toEqual({ status: 202, body: { id, version: 3 } });
        expect(await later).toEqual(repeated);
        lost += loss.lost;
        return async () => {
          expect(await lossy.send(request)).toEqual(repeated);
          expect(await inLog(id)).toMatchObject({ version: 4, quantity: 7 });
        };
      });
      expect(lost).toBeGreaterThan(DRIVER_TRIES * ROUNDS);
    },
  );

  // Without `findOwnCommit` the repetition is a conflict with itself (409), and this fails.
  it(`makes one order of a repeated POST /orders, over ${ROUNDS} rounds [H-1]`, { timeout: 180_000 }, async () => {
    const made = async (round: number): Promise<() => Promise<void>> => {
      const request = draft();
      const { later } = await lose(request, timesIn(round));
      const first = await customer.send(request);
      expect(first).toMatchObject({ status: 202, body: { version: 2 } });
      // The other writer, on the very order that the lost reply was about.
      await customer.post(`/orders/${first.body.id}/items`, { productId, quantity: 1 });
      expect(await customer.send(request)).toEqual(first);
      expect(await later).toEqual(first);
      return async () => {
        expect(await lossy.send(request)).toEqual(first);
        expect(await inLog(first.body.id)).toMatchObject({ version: 3, quantity: 2 });
      };
    };
    await rounds(made, async (group) => {
      const before = await countOrders();
      await group();
      expect(await countOrders()).toBe(before + AT_ONCE);
    });
  });

  it('is refused under the same key with another body, and shows nothing to another user [W-6, H-1]', async () => {
    const request = draft();
    const { later } = await lose(request, 2 * DRIVER_TRIES);
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
    'is answered 503 when the database stays silent, to be repeated under the same key [H-5]',
    { timeout: 60_000 },
    async () => {
      const id = await order();
      const request = command(`/orders/${id}/items`, { productId, quantity: 2 });
      const loss = losing(request, 100_000);
      expect(await lossy.send(request)).toMatchObject({ status: 503, body: { code: 'append.outcome-unknown' } });
      loss.end();
      expect(await lossy.send(request)).toEqual({ status: 202, body: { id, version: 3 } });
      expect((await foldedOrders(stage.database)).get(id)).toMatchObject({ version: 3, quantity: 3 });
    },
  );
});
