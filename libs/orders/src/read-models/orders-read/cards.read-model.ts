import { ReadModelDocument } from '@nestfold/projections';
import type { Address, Money, VipStatus } from '@shop/contracts';

/** What orders need to know of a customer. */
@ReadModelDocument('orders_customer_cards')
export class CustomerCard {
  _id!: string;
  name!: string;
  email!: string;
  phone?: string | undefined;
  vipStatus!: VipStatus;
  shippingAddress?: Address | undefined;
  billingAddress?: Address | undefined;
}

/** What orders need to know of a product. */
@ReadModelDocument('orders_product_cards')
export class ProductCard {
  _id!: string;
  name!: string;
  sku!: string;
  imageUrl?: string | undefined;
  category!: string;
  brand!: string;
  price!: Money;
  forSale!: boolean;
}
