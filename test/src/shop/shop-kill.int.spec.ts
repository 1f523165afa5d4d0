import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { between, seeded } from '../support/random.js';
import { until } from '../support/until.js';
import { ShopClient, type Answer, type Request } from './shop-client.js';
import { foldedOrders, shownOrders, summedUp } from './shop-judge.js';
import { freePort, type ShopProcess } from './shop-process.js';
import { furnish, openStage, type ShopStage } from './shop-stage.js';

const KILLS = 20;
const BUYERS = 6;
const SEED = Number(process.env['SEED'] ?? 20_240_603);

/** A command whose outcome its sender knows. */
interface Done extends Request {
  readonly answer: Answer;
}

describe('a shop that is killed again and again', () => {
  let stage: ShopStage;
  let productId: string;
  let shop: ShopProcess;

  beforeAll(async () => {
    stage = await openStage('shop_kill');
    shop = await stage.shop(undefined, await freePort());
    productId = await furnish(shop.url);
  });
  afterAll(() => stage?.close());

  // Without the key (RequestContextInterceptor reads no header) repeated commands have two effects, and this fails.
  it(
    `gives each order one effect, over ${KILLS} kills and with every unknown answer repeated (seed ${SEED}) [P-1, H-1]`,
    { timeout: 180_000 },
    async () => {
      const random = seeded(SEED);
      const customer = await ShopClient.login(shop.url, 'customer');
      const before = { orders: (await foldedOrders(stage.database)).size };
      const done: Done[] = [];
      let unknown = 0;
      let finished = 0;
      let closing = false;

      const surely = async (request: Request): Promise<Answer> => {
        for (;;) {
          const answer = await customer.send(request);
          if (answer.status !== 0 && answer.status < 500) {
            done.push({ ...request, answer });
            return answer;
          }
          unknown += 1;
          await until(
            'the shop to be there again',
            async () => (await customer.get('/health/live')).status === 200,
            60_000,
          );
        }
      };
      const command = (path: string, body: unknown): Request => ({ method: 'POST', path, body, key: randomUUID() });
      const buyer = async (): Promise<void> => {
        while (!closing) {
          const { body } = await surely(command('/orders', { items: [{ productId, quantity: 1 }] }));
          await surely(command(`/orders/${body.id}/items`, { productId, quantity: 2 }));
          await surely(command(`/orders/${body.id}/place`, {}));
          finished += 1;
        }
      };
      const buyers = Promise.all(Array.from({ length: BUYERS }, buyer));

      for (let kill = 1; kill <= KILLS; kill += 1) {
        const target = done.length + between(random, 5, 40);
        await until('more commands to be answered', async () => done.length >= target, 60_000);
        const { port } = new URL(shop.url);
        await shop.kill();
        shop = await stage.shop(undefined, Number(port));
        // Now and then it lives long enough to take the dead one's leases over, and dies while it projects.
        if (kill % 7 === 0) await until('projections to move', caughtUp, 60_000);
      }
      closing = true;
      await buyers;
      await until(
        'projections to catch up',
        async () =>
          (await shownOrders(stage.database)).size === (await foldedOrders(stage.database)).size && (await caughtUp()),
        60_000,
      );

      // Said again, each is answered as it was before.
      for (const { answer, ...request } of done.slice(-30)) expect(await customer.send(request)).toEqual(answer);
      expect([...new Set(done.map(({ answer }) => answer.status))]).toEqual([202]);
      const orders = await foldedOrders(stage.database);
      expect(orders.size).toBe(before.orders + finished);
      const placed = new Set(
        done.filter(({ path }) => path.endsWith('/place')).map(({ answer }) => String(answer.body.id)),
      );
      expect([...placed].map((id) => orders.get(id))).toEqual(
        [...placed].map(() => ({ version: 4, status: 'pending', quantity: 3, total: '76.00' })),
      );
      expect(await shownOrders(stage.database)).toEqual(orders);
      expect(await summedUp(stage.database)).toEqual(sold(orders));
      expect(unknown).toBeGreaterThan(KILLS);

      async function caughtUp(): Promise<boolean> {
        const { orders: counted } = await summedUp(stage.database);
        return counted >= finished;
      }
    },
  );
});

function sold(orders: Awaited<ReturnType<typeof foldedOrders>>): { orders: number; pieces: number } {
  const pending = [...orders.values()].filter(({ status }) => status === 'pending');
  return { orders: pending.length, pieces: pending.reduce((sum, { quantity }) => sum + quantity, 0) };
}
