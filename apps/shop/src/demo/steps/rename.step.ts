import { performance } from 'node:perf_hooks';
import { eventually, must, mustAnswer } from '../expectations.js';
import { CUSTOMER_ID } from '../stage.js';
import type { Step } from '../step.js';
import type { Customer, Order, Page } from '../wire.js';

/** One fact changes many documents: a customer bears another name, and all their orders show it. */
export const rename: Step = {
  title: 'rename a customer, see it in their orders',
  async run({ customer, admin, lags }) {
    const path = `/customers/${CUSTOMER_ID}`;
    const before = mustAnswer(await customer.get<Customer>(path), 200);
    const name = before.name === 'Casey Rivers' ? 'Casey Brooks' : 'Casey Rivers';
    mustAnswer(await customer.put(path, { name }), 202);
    const started = performance.now();
    const orders = await eventually(`the name '${name}' in all orders`, async () => {
      const page = mustAnswer(await customer.get<Page<Order>>(`${path}/orders?pageSize=100`), 200);
      return page.items.every((order) => order.customer.name === name) ? page : undefined;
    });
    lags.push(performance.now() - started);
    must(orders.total > 0, 'the customer has no orders');

    const surname = name.split(' ').at(-1) ?? name;
    const found = mustAnswer(await admin.get<Page<Order>>(`/orders?text=${surname}&pageSize=100`), 200);
    must(
      found.items.some((order) => order.customer.customerId === CUSTOMER_ID),
      `a search for '${surname}' does not find the customer's orders`,
    );
    return `'${name}' in ${orders.total} orders`;
  },
};
