import type { Address, VipStatus } from '@shop/contracts';

/** What decisions about a customer need to know. */
export class CustomerState {
  name = '';
  email = '';
  phone: string | undefined;
  vipStatus: VipStatus = 'regular';
  shippingAddress: Address | undefined;
  billingAddress: Address | undefined;
}
