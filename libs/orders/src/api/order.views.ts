import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ORDER_STATUSES, VIP_STATUSES, type OrderStatus, type VipStatus } from '@shop/contracts';
import { Address, MoneyValue, PageView } from '@shop/platform';

/** The customer of an order, as they are now. */
export class OrderCustomerView {
  @ApiProperty()
  customerId!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  email!: string;

  @ApiPropertyOptional()
  phone?: string | undefined;

  @ApiProperty({ enum: VIP_STATUSES })
  vipStatus!: VipStatus;
}

/** A product as it was when it was put into the order. */
export class OrderProductView {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  sku!: string;

  @ApiPropertyOptional()
  imageUrl?: string | undefined;

  @ApiProperty()
  category!: string;

  @ApiProperty()
  brand!: string;
}

/** One product in an order. */
export class OrderItemView {
  @ApiProperty()
  productId!: string;

  @ApiProperty({ type: () => OrderProductView })
  product!: OrderProductView;

  @ApiProperty({ type: 'integer' })
  quantity!: number;

  @ApiProperty({ type: () => MoneyValue })
  unitPrice!: MoneyValue;

  @ApiProperty({ type: () => MoneyValue })
  subtotal!: MoneyValue;
}

/** When an order reached a stage. */
export class OrderStatusEntryView {
  @ApiProperty({ enum: ORDER_STATUSES })
  status!: OrderStatus;

  @ApiProperty({ type: 'string', format: 'date-time' })
  timestamp!: Date;
}

/** What of the write side an answer shows. */
export class SyncedFromView {
  @ApiProperty({ type: 'integer' })
  writeModelVersion!: number;

  @ApiProperty({ type: 'string', format: 'date-time' })
  syncedAt!: Date;
}

/** An order. */
export class OrderView {
  @ApiProperty()
  id!: string;

  @ApiProperty({ type: 'integer' })
  version!: number;

  @ApiProperty({ enum: ORDER_STATUSES })
  status!: OrderStatus;

  @ApiProperty({ type: () => OrderCustomerView })
  customer!: OrderCustomerView;

  @ApiProperty({ type: () => [OrderItemView] })
  items!: readonly OrderItemView[];

  @ApiProperty({ type: () => MoneyValue })
  subtotal!: MoneyValue;

  @ApiProperty({ type: () => MoneyValue })
  tax!: MoneyValue;

  @ApiProperty({ type: () => MoneyValue })
  shipping!: MoneyValue;

  @ApiProperty({ type: () => MoneyValue })
  total!: MoneyValue;

  @ApiProperty({ type: () => [OrderStatusEntryView] })
  statusHistory!: readonly OrderStatusEntryView[];

  @ApiPropertyOptional({ type: () => Address })
  shippingAddress?: Address | undefined;

  @ApiPropertyOptional({ type: () => Address })
  billingAddress?: Address | undefined;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;

  @ApiProperty({ type: () => SyncedFromView })
  lastSyncedFrom!: SyncedFromView;
}

/** A page of orders. */
export class OrderPageView extends PageView {
  @ApiProperty({ type: () => [OrderView] })
  items!: readonly OrderView[];
}
