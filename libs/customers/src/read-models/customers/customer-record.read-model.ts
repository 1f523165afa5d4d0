import { ReadModelDocument } from '@nestfold/projections';
import type { Address, VipStatus } from '@shop/contracts';

/** A customer's account as it is shown. */
@ReadModelDocument('customers_read', {
  indexes: [{ name: 'customers_email', keys: { email: 1 } }],
})
export class CustomerRecord {
  _id!: string;
  customerId!: string;
  name!: string;
  email!: string;
  phone?: string | undefined;
  vipStatus!: VipStatus;
  shippingAddress?: Address | undefined;
  billingAddress?: Address | undefined;
  createdAt!: Date;
  updatedAt!: Date;
  version!: number;
}
