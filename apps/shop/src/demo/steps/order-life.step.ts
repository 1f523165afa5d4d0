import { must, mustAnswer, mustEqual } from '../expectations.js';
import { orderAt } from '../stage.js';
import type { Step } from '../step.js';
import type { Receipt } from '../wire.js';

/** An order from its draft to the customer's door: the customer fills and places it, the shop's staff does the rest. */
export const orderLife: Step = {
  title: 'order: fill, place, confirm, ship, deliver',
  async run(stage) {
    const { customer, admin, products } = stage;
    const [first, second] = products;
    must(first !== undefined && second !== undefined, 'two products are needed');

    let last: Receipt = mustAnswer(
      await customer.post('/orders', { items: [{ productId: first.id, quantity: 2 }] }),
      202,
    );
    const path = `/orders/${last.id}`;
    last = mustAnswer(await customer.post(`${path}/items`, { productId: second.id, quantity: 1 }), 202);
    let order = await orderAt(stage, last.id, last.version);
    mustEqual(
      order.items.map(({ productId, quantity }) => [productId, quantity]),
      [
        [first.id, 2],
        [second.id, 1],
      ],
      'the items',
    );
    mustEqual(
      cents(order.total.amount),
      cents(order.subtotal.amount) + cents(order.tax.amount) + cents(order.shipping.amount),
      'the total',
    );

    last = mustAnswer(await customer.delete(`${path}/items/${second.id}`), 202);
    last = mustAnswer(await customer.post(`${path}/place`), 202);
    for (const status of ['confirmed', 'shipped', 'delivered']) {
      last = mustAnswer(await admin.put(`${path}/status`, { status, version: last.version }), 202);
    }
    order = await orderAt(stage, last.id, last.version);
    mustEqual(order.status, 'delivered', 'the status');
    mustEqual(
      order.items.map(({ productId }) => productId),
      [first.id],
      'the items',
    );
    const stages = ['draft', 'pending', 'confirmed', 'shipped', 'delivered'];
    mustEqual(
      order.statusHistory.map(({ status }) => status),
      stages,
      'the history',
    );
    mustAnswer(await customer.post(`${path}/cancel`, { reason: 'Too late.' }), 422, 'order.already-shipped');
    return `order ${last.id} at version ${last.version}, ${order.total.amount} ${order.total.currency}`;
  },
};

function cents(amount: string): number {
  return Math.round(Number(amount) * 100);
}
