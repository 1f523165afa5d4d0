import { setTimeout as pause } from 'node:timers/promises';
import { eventually, must, mustAnswer, mustEqual } from '../expectations.js';
import { ORDERS, beginRebuild, quiet, rebuilt } from '../rebuilding.js';
import { CUSTOMER_ID, orderAt, productOf, type Stage } from '../stage.js';
import type { Step } from '../step.js';
import { Watcher } from '../watcher.js';
import type { Order, Page, Receipt, Rebuild } from '../wire.js';

const LOOKS_BEFORE = 25;
const LOOKS_AFTER = 50;

/** An operator rebuilds what orders are shown from, while customers order and readers read on: nobody notices. */
export const rebuildLive: Step = {
  title: 'rebuild the orders while ordering goes on',
  async run(stage) {
    const { customer, admin } = stage;
    const product = productOf(stage);
    const { generation } = await quiet(stage);
    const { items } = mustAnswer(
      await customer.get<Page<Order>>(`/customers/${CUSTOMER_ID}/orders?pageSize=5&status=delivered`),
      200,
    );
    // One order that grows meanwhile, among some that do not.
    const growing = mustAnswer(await customer.post('/orders'), 202);
    await orderAt(stage, growing.id, growing.version);
    const watcher = new Watcher(customer, [growing.id, ...items.map(({ id }) => id)]);
    const ended = new AbortController();
    const ordering = keepOrdering(stage, product.id, growing.id, ended.signal);
    // Awaited below: until then a failure must not count as one that nobody handles.
    ordering.catch(() => undefined);
    let done: Rebuild;
    try {
      await moreLooks(watcher, LOOKS_BEFORE);
      const rebuild = await beginRebuild(stage);
      const second = await admin.post(`/admin/projections/${ORDERS}/rebuild`);
      must(
        second.status === 409 || (await isOver(stage, rebuild.location)),
        `a second rebuild meanwhile was answered with ${second.status}`,
      );
      done = await rebuilt(stage, rebuild.location);
      await moreLooks(watcher, LOOKS_AFTER);
    } finally {
      ended.abort();
      await watcher.stop();
    }
    stage.readRates.push(watcher.rate);
    const written = await ordering;
    mustEqual(watcher.faults, [], 'what readers should not have seen');
    for (const { id, version } of written) {
      const order = await orderAt(stage, id, version);
      mustEqual([order.version, order.items.length], [version, 1], `order ${id}, written meanwhile`);
    }
    must((await quiet(stage)).generation > generation, 'the rebuilt generation is not the live one');
    return `${done.processed} commits read, ${watcher.looks} looks at ${watcher.rate.toFixed(0)}/s, ${written.length} orders meanwhile`;
  },
};

async function moreLooks(watcher: Watcher, more: number): Promise<void> {
  const wanted = watcher.looks + more;
  await eventually(`${more} more looks`, async () => (watcher.looks >= wanted ? true : undefined));
}

/** A second rebuild that is not refused is right only where the first had ended. */
async function isOver({ admin }: Stage, location: string): Promise<boolean> {
  return (await admin.get<Rebuild>(location)).body.state === 'done';
}

/** Places order after order, and adds to one that grows. */
async function keepOrdering(
  { customer }: Stage,
  productId: string,
  growing: string,
  ended: AbortSignal,
): Promise<readonly Receipt[]> {
  const placed: Receipt[] = [];
  while (!ended.aborted) {
    const { id } = mustAnswer(await customer.post('/orders', { items: [{ productId, quantity: 1 }] }), 202);
    placed.push(mustAnswer(await customer.post(`/orders/${id}/place`), 202));
    mustAnswer(await customer.post(`/orders/${growing}/items`, { productId, quantity: 1 }), 202);
    await pause(10);
  }
  return placed;
}
