// The public surface of @shop/contracts, listed by hand.
export {
  addMoney,
  CURRENCIES,
  isMoney,
  money,
  MONEY_PLACES,
  timesMoney,
  type Currency,
  type Money,
} from './money/money.js';
export { moneyOf, MoneyValue, moneyValue } from './money/money-value.js';
export { Address } from './address/address.js';

export { Optional } from './validation/optional.decorator.js';
export { IsId, isId, IsPhone, IsText, type TextOptions } from './validation/text.decorators.js';
export { IsPrice } from './validation/money.decorator.js';

export { VIP_STATUSES, type VipStatus } from './customers/vip-status.js';
export {
  CustomerAddressesChanged,
  CustomerContactChanged,
  customerEvents,
  CustomerRegistered,
  CustomerRenamed,
  CustomerVipStatusChanged,
} from './customers/customer.events.js';

export type { ProductDetails, ProductFeatures, ProductImage } from './catalog/product-details.js';
export {
  ProductDescribed,
  ProductDiscontinued,
  productEvents,
  ProductListed,
  ProductRepriced,
  ProductStockAdjusted,
} from './catalog/product.events.js';

export { ORDER_STATUSES, type OrderStatus } from './orders/order-status.js';
export type { OrderedItem, OrderTotals } from './orders/ordered-item.js';
export { OrderCancelled, OrderConfirmed, sharedOrderEvents } from './orders/order.events.js';
