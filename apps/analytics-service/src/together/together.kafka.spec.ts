import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testDatabase, testKafka, type TestKafka } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpCaller } from './http-caller.js';
import { contextsOf, makeOrderable, type ShopContexts } from './order-samples.js';
import { showArrival } from './show-arrival.js';
import { startTogether, type Together } from './start-together.js';

// The compiled programs: `npm test` and `npm run test:int` build them first.
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
// Which contexts the shop has is a choice of whoever makes an application of these files.
const DOCUMENT = fileURLToPath(new URL('../../../../apps/shop/openapi.json', import.meta.url));

interface Order {
  readonly total: { readonly amount: string; readonly currency: string };
}

describe('the shop, its relay and the analytics service', () => {
  const shopDatabase = testDatabase('together-orders');
  const analyticsDatabase = testDatabase('together-analytics');
  const said: string[] = [];
  let kafka: TestKafka;
  let folder: string;
  let contexts: ShopContexts;
  let together: Together;
  let admin: HttpCaller;
  let customer: HttpCaller;
  let other: HttpCaller;

  beforeAll(async () => {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run \`npx tsc -b\` first.`);
    kafka = await testKafka('together');
    folder = await mkdtemp(join(tmpdir(), 'nestfold-together-'));
    contexts = contextsOf(JSON.parse(await readFile(DOCUMENT, 'utf8')) as { readonly paths: object });
    together = await startTogether({
      mongodbUri: shopDatabase.uri,
      shopDatabase: shopDatabase.name,
      analyticsDatabase: analyticsDatabase.name,
      brokers: kafka.brokers,
      prefix: kafka.prefix,
      dataFolder: folder,
      ports: { shop: 0, relay: 0, analytics: 0 },
      // Stand-ins state their samples; where all contexts are there nothing is, but what is stated here.
      seed: !contexts.hasCatalog || !contexts.hasCustomers,
      say: (line) => void said.push(line),
    }).catch((error: unknown) => {
      throw new Error(said.join('\n'), { cause: error });
    });
    const shop = new HttpCaller(together.shop);
    [admin, customer, other] = await Promise.all([
      shop.login('admin@shop.test', 'admin'),
      shop.login('customer@shop.test', 'customer'),
      shop.login('customer2@shop.test', 'customer2'),
    ]);
    await makeOrderable(shop, contexts);
  });

  afterAll(async () => {
    await together?.stop();
    await Promise.all([shopDatabase.drop(), analyticsDatabase.drop(), kafka.drop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const figures = async (path: string): Promise<unknown> => (await admin.at(together.analytics).get(path)).body;
  const all = () =>
    Promise.all(['recent', 'hourly', 'daily', 'customers/customer'].map((one) => figures(`/analytics/${one}`)));

  it('count in one database what was placed in the other, with Kafka between them', async () => {
    const first = await showArrival(together);
    const second = await showArrival(together);
    expect([first.before, first.after, second.before, second.after]).toEqual([0, 1, 1, 2]);
    const { status } = await customer.post(`/orders/${second.orderId}/cancel?waitFor=orders-read&waitForMs=20000`, {
      reason: 'Changed my mind.',
    });
    expect(status).toBe(202);
    const { amount, currency } = (await customer.get<Order>(`/orders/${second.orderId}`)).body.total;
    const [one, both] = [Number(amount), 2 * Number(amount)].map((sum) => ({ amount: sum.toFixed(2), currency }));
    // The customers' stand-in states two.
    const signup = contexts.hasCustomers ? 1 : 2;
    await expect
      .poll(() => figures('/analytics/recent'), { timeout: 10_000 })
      .toMatchObject({ counts: { signup, purchase: 2, cancellation: 1 }, purchased: both });
    const [, hourly, daily, own] = await all();
    // One hour and one day, but for who runs this at the end of one.
    const { hours } = hourly as { hours: readonly { count: number; samples: readonly { value: object }[] }[] };
    expect(hours.reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect(hours.flatMap(({ samples }) => samples.map(({ value }) => value))).toEqual([one, one]);
    const { days } = daily as { days: readonly { count: number }[] };
    expect(days.reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect(days[0]).toMatchObject({ min: one, max: one });
    expect(own).toMatchObject({ counts: { signup: 1, purchase: 2, cancellation: 1 }, purchased: both });
  });

  it('let nobody see figures but the staff, and each customer their own', async () => {
    const [nobody, own, others] = [
      new HttpCaller(together.analytics),
      customer.at(together.analytics),
      other.at(together.analytics),
    ];
    const statuses = async (caller: HttpCaller) => {
      const paths = ['analytics/hourly', 'analytics/customers/customer', 'admin/projections'];
      return Promise.all(paths.map(async (path) => (await caller.get(`/${path}`)).status));
    };
    expect(await statuses(nobody)).toEqual([401, 401, 401]);
    // Without @Roles on the one route an owner gets 403; without its comparison of ids the other gets 200.
    expect(await statuses(own)).toEqual([403, 200, 403]);
    expect(await statuses(others)).toEqual([403, 404, 403]);
    expect(await statuses(admin.at(together.analytics))).toEqual([200, 200, 200]);
    expect((await admin.at(together.analytics).get('/analytics/hourly?hours=0&kind=theft')).status).toBe(400);
  });

  it('come to the same figures when an operator rebuilds them from the topic', async () => {
    const before = await all();
    const operator = admin.at(together.analytics);
    const asked = await operator.post<{ id: string }>('/admin/projections/activity-figures/rebuild');
    expect(asked.status).toBe(202);
    await expect
      .poll(async () => (await operator.get(`/admin/rebuilds/${asked.body.id}`)).body, { timeout: 15_000 })
      .toMatchObject({ state: 'done' });
    expect(await figures('/admin/projections/activity-figures')).toMatchObject({ generation: 2, lagEvents: 0 });
    const [recent, ...rest] = await all();
    // The window slides meanwhile; what it counts stays for five minutes.
    expect([{ ...(recent as object), from: '', to: '' }, ...rest]).toEqual([
      { ...(before[0] as object), from: '', to: '' },
      ...before.slice(1),
    ]);
  });
});
