import { mustAnswer, mustEqual } from '../expectations.js';
import { orderAt, productOf } from '../stage.js';
import type { Step } from '../step.js';

/** A customer places an order and gives it up; it cannot be given up twice, nor can an empty one be placed. */
export const cancel: Step = {
  title: 'cancel a placed order',
  async run(stage) {
    const { customer } = stage;
    const product = productOf(stage);
    const { id } = mustAnswer(await customer.post('/orders'), 202);
    mustAnswer(await customer.post(`/orders/${id}/place`), 422, 'order.empty');
    mustAnswer(await customer.post(`/orders/${id}/items`, { productId: product.id, quantity: 3 }), 202);
    mustAnswer(await customer.post(`/orders/${id}/place`), 202);
    const { version } = mustAnswer(await customer.post(`/orders/${id}/cancel`, { reason: 'Changed my mind.' }), 202);
    mustEqual((await orderAt(stage, id, version)).status, 'cancelled', 'the status');
    mustAnswer(await customer.post(`/orders/${id}/cancel`), 422, 'order.already-cancelled');
    return 'refused twice by rules, cancelled once';
  },
};
