import { randomUUID } from 'node:crypto';
import { must, mustAnswer, mustEqual } from '../expectations.js';
import { CUSTOMER_ID, orderAt, productOf } from '../stage.js';
import type { Step } from '../step.js';
import type { Order, Page } from '../wire.js';

const REPEATS = 5;

/** A caller that heard no answer repeats its command under the same key: it takes effect once. */
export const idempotency: Step = {
  title: 'one Idempotency-Key, many sendings, one effect',
  async run(stage) {
    const { customer } = stage;
    const product = productOf(stage);
    const total = async (): Promise<number> =>
      mustAnswer(await customer.get<Page<Order>>(`/customers/${CUSTOMER_ID}/orders?pageSize=1`), 200).total;
    const before = await total();
    const headers = { 'idempotency-key': randomUUID() };
    const body = { items: [{ productId: product.id, quantity: 2 }] };

    const together = await Promise.all(
      Array.from({ length: REPEATS }, () => customer.post('/orders', body, { headers })),
    );
    const later = await customer.post('/orders', body, { headers });
    const receipts = [...together, later].map((answer) => mustAnswer(answer, 202));
    const [first] = receipts;
    must(first !== undefined, 'there is no receipt');
    for (const receipt of receipts) mustEqual(receipt, first, 'the receipt of a repetition');
    await orderAt(stage, first.id, first.version);
    mustEqual((await total()) - before, 1, 'new orders');

    mustAnswer(await customer.post('/orders', { items: [] }, { headers }), 422);
    return `${receipts.length} sendings, one order`;
  },
};
