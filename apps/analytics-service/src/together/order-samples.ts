import { HttpCaller } from './http-caller.js';

/** Who orders, where an order is shown. */
export const CUSTOMER = { id: 'customer', email: 'customer@shop.test', password: 'customer' };
/** What is ordered where no catalogue lists anything: the first sample of its stand-in. */
export const STAND_IN_PRODUCT = 'p001';

const shippingAddress = { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' };
const registration = { name: 'Casey Rivers', email: CUSTOMER.email, shippingAddress };
const lamp = {
  name: 'Lamp',
  sku: 'L-1',
  description: '',
  brand: 'Lumen',
  category: 'Home',
  price: { amount: '20.00', currency: 'USD' },
  stockLevel: 100,
};

/** Which contexts beside the orders answer at a shop. Where one is left out its stand-in states samples, unless `SEED` is off. */
export interface ShopContexts {
  readonly hasCatalog: boolean;
  readonly hasCustomers: boolean;
}

/** What a shop's own description names. */
export function contextsOf({ paths }: { readonly paths: object }): ShopContexts {
  return { hasCatalog: '/products' in paths, hasCustomers: '/customers' in paths };
}

/** Registers the customer and lists a product, once, in the contexts that are there. Throws where the shop does not take them. */
export async function makeOrderable(shop: HttpCaller, { hasCatalog, hasCustomers }: ShopContexts): Promise<void> {
  if (hasCustomers) {
    const customer = await shop.login(CUSTOMER.email, CUSTOMER.password);
    const known = await customer.get(`/customers/${CUSTOMER.id}`);
    if (known.status !== 200) await taken(customer, '/customers', registration);
  }
  if (hasCatalog) {
    const admin = await shop.login('admin@shop.test', 'admin');
    const { body } = await admin.get<{ items: readonly object[] }>('/products?inStock=true&pageSize=1');
    if (body.items.length === 0) await taken(admin, '/products', lamp);
  }
}

async function taken(caller: HttpCaller, path: string, sample: object): Promise<void> {
  const { status, body } = await caller.post(path, sample);
  // A conflict: it is there, though not shown yet.
  if (status !== 202 && status !== 409)
    throw new Error(`The shop did not take a sample at ${path}: ${status} ${JSON.stringify(body)}`);
}
