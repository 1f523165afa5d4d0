import type { Address, OrderedItem, OrderStatus } from '@shop/contracts';

/** What decisions about an order need to know. */
export class OrderState {
  status: 'none' | OrderStatus = 'none';
  customerId = '';
  items: readonly OrderedItem[] = [];
  shippingAddress: Address | undefined;
  billingAddress: Address | undefined;
}
