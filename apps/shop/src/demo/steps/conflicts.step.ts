import { must, mustAnswer } from '../expectations.js';
import { orderAt, productOf } from '../stage.js';
import type { Step } from '../step.js';

/** Two people decide on what they saw: who saw an old version is told so, and nothing is lost. */
export const conflicts: Step = {
  title: 'conflicts: If-Match 412, stale version 409',
  async run(stage) {
    const { customer, admin } = stage;
    const product = productOf(stage);
    const drafted = mustAnswer(await customer.post('/orders'), 202);
    const path = `/orders/${drafted.id}`;
    const item = { productId: product.id, quantity: 1 };
    mustAnswer(await customer.post(`${path}/items`, item, { headers: { 'if-match': `"${drafted.version}"` } }), 202);
    mustAnswer(await customer.post(`${path}/items`, item, { headers: { 'if-match': `"${drafted.version}"` } }), 412);

    const placed = mustAnswer(await customer.post(`${path}/place`), 202);
    mustAnswer(
      await admin.put(`${path}/status`, { status: 'confirmed', version: placed.version - 1 }),
      409,
      'stream.conflict',
    );
    mustAnswer(await admin.put(`${path}/status`, { status: 'confirmed', version: placed.version }), 202);

    // Two at once with the same version: one wins.
    const shipped = { status: 'shipped', version: placed.version + 1 };
    const both = await Promise.all([admin.put(`${path}/status`, shipped), admin.put(`${path}/status`, shipped)]);
    const statuses = both.map(({ status }) => status).sort();
    must(statuses[0] === 202 && statuses[1] === 409, `of two at one version one must win: ${statuses.join(', ')}`);
    const order = await orderAt(stage, drafted.id, placed.version + 2);
    must(
      order.version === placed.version + 2 && order.items[0]?.quantity === 1,
      'a refused command left something behind',
    );
    return 'of two at one version one won';
  },
};
