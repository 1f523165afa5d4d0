import { setTimeout as pause } from 'node:timers/promises';
import { HttpCaller, type Answer } from './http-caller.js';
import { contextsOf, CUSTOMER, makeOrderable, STAND_IN_PRODUCT } from './order-samples.js';
import type { Together } from './start-together.js';

// Samples may still be on their way into an empty shop.
const WITHIN_MS = 120_000;

/** What of a customer's figures is looked at here. */
interface Figures {
  readonly counts: { readonly purchase: number };
  readonly purchased: { readonly amount: string; readonly currency: string };
}

/** An order that was placed in one process and counted in another. */
export interface Arrival {
  readonly orderId: string;
  /** From the shop's answer to the first figures that have it, asked every 5 ms. */
  readonly milliseconds: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Places an order as a customer of the shop, and answers when the analytics service counts it. Where contexts are left out, and with them the samples,
 * what is needed for an order is stated first. Throws where the shop takes no order in time.
 */
export async function showArrival({ shop, analytics }: Together): Promise<Arrival> {
  const nobody = new HttpCaller(shop);
  const contexts = contextsOf((await nobody.get<{ paths: object }>('/openapi.json')).body);
  // All contexts together are filled with samples; these may still be on their way, and are not to be forestalled.
  if (!contexts.hasCatalog || !contexts.hasCustomers) await makeOrderable(nobody, contexts);
  const customer = await nobody.login(CUSTOMER.email, CUSTOMER.password);
  const figures = customer.at(analytics);
  const orderId = await draft(customer);
  const before = await purchases(figures);
  await accepted('placing the order', () => customer.post(`/orders/${orderId}/place`));
  const placed = performance.now();
  for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline; await pause(5)) {
    const after = await purchases(figures);
    if (after > before) return { orderId, milliseconds: performance.now() - placed, before, after };
  }
  throw new Error(`The order ${orderId} did not arrive within ${WITHIN_MS / 1_000} s.`);
}

/** An arrival in words. */
export function arrivalLines({ orderId, milliseconds, before, after }: Arrival): readonly string[] {
  return [
    `An order was placed at the shop (${orderId}).`,
    `${milliseconds.toFixed(0)} ms later the analytics service counts ${after} of ${CUSTOMER.email}, where it had counted ${before}.`,
  ];
}

async function purchases(figures: HttpCaller): Promise<number> {
  const { status, body } = await figures.get<Figures>(`/analytics/customers/${CUSTOMER.id}`);
  return status === 200 ? body.counts.purchase : 0;
}

/** An order of whatever is in stock. */
async function draft(customer: HttpCaller): Promise<string> {
  return (
    await accepted('an order', async () => {
      const productId = await someProduct(customer);
      if (productId === undefined) return { status: 404, body: { id: '' } };
      return customer.post<{ id: string }>('/orders', { items: [{ productId, quantity: 1 }] });
    })
  ).id;
}

/** Undefined while a catalogue has nothing in stock. */
async function someProduct(customer: HttpCaller): Promise<string | undefined> {
  const { status, body } = await customer.get<{ items: readonly { id: string }[] }>(
    '/products?inStock=true&pageSize=1',
  );
  return status === 404 ? STAND_IN_PRODUCT : body.items[0]?.id;
}

/** Asks again until it is accepted: read models follow, and samples are still being made. */
async function accepted<T>(what: string, ask: () => Promise<Pick<Answer<T>, 'status' | 'body'>>): Promise<T> {
  let last: unknown;
  for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline; await pause(100)) {
    const { status, body } = await ask();
    if (status === 202) return body;
    last = { status, body };
  }
  throw new Error(`The shop did not accept ${what} within ${WITHIN_MS / 1_000} s: ${JSON.stringify(last)}`);
}
