import { must, mustAnswer } from '../expectations.js';
import type { Step } from '../step.js';

/** Who is not known is asked for a token; who may not do something is told so; what is somebody else's does not exist. */
export const access: Step = {
  title: 'no token 401, wrong role 403, not yours 404',
  async run({ nobody, customer, otherCustomer, admin }) {
    const denied = await nobody.get('/orders');
    mustAnswer(denied, 401);
    must(denied.headers.get('www-authenticate')?.startsWith('Bearer') === true, 'a 401 does not say how to log in');
    mustAnswer(await nobody.get('/orders', { headers: { authorization: 'Bearer a.b.c' } }), 401);
    mustAnswer(await nobody.post('/auth/token', { email: 'admin@shop.test', password: 'guessed' }), 401);
    mustAnswer(await customer.get('/admin/projections'), 403);
    mustAnswer(await customer.get('/reports/daily'), 403);
    const { id } = mustAnswer(await customer.post('/orders'), 202);
    mustAnswer(await customer.put(`/orders/${id}/status`, { status: 'confirmed', version: 1 }), 403);
    mustAnswer(await otherCustomer.post(`/orders/${id}/cancel`), 404);
    mustAnswer(await customer.get('/orders/no-such-order'), 404);
    mustAnswer(await admin.post(`/orders/${id}/cancel`), 202);
    return 'each refused with its own status';
  },
};
