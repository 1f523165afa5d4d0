import { must, mustAnswer } from '../expectations.js';
import type { Step } from '../step.js';
import type { Problem } from '../wire.js';

/** A request with several mistakes is refused once, with all of them. */
export const invalidInput: Step = {
  title: 'invalid input: 400 with every error',
  async run({ customer, nobody }) {
    const body = {
      items: [
        { productId: '', quantity: 0 },
        { productId: 'p 1', quantity: 1.5 },
      ],
      shippingAddress: { street: 5 },
      discount: '100%',
    };
    const { errors = [] } = mustAnswer(await customer.post<Problem>('/orders', body), 400, 'message.invalid');
    const paths = errors.map(({ path }) => path);
    for (const path of [
      'items[0].productId',
      'items[0].quantity',
      'items[1].productId',
      'items[1].quantity',
      'shippingAddress.street',
      'discount',
    ]) {
      must(paths.includes(path), `'${path}' is not among the errors: ${paths.join(', ')}`);
    }
    // What a database would take for an operator gets no further than the border.
    mustAnswer(await customer.post('/orders', { customerId: { $ne: null } }), 400, 'message.invalid');
    mustAnswer(await nobody.get('/products?page=0&pageSize=1000'), 400, 'message.invalid');
    mustAnswer(await customer.post('/orders', {}, { headers: { 'if-match': 'yesterday' } }), 400);
    mustAnswer(await customer.post('/orders', { customerId: 'x'.repeat(110_000) }), 413, 'body.too-large');
    return `${errors.length} errors in one answer`;
  },
};
