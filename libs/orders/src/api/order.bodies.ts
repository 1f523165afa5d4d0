import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsId, IsText, Optional } from '@shop/contracts';
import { Address } from '@shop/platform';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, Max, Min, ValidateNested } from 'class-validator';
import { ORDER_LIMITS } from '../domain/order-limits.js';
import { STAFF_STATUSES, type StaffStatus } from '../domain/staff-status.js';

/** So many pieces of a product. The price is the shop's. */
export class OrderLineBody {
  @ApiProperty({ maxLength: 128 })
  @IsId()
  productId!: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: ORDER_LIMITS.quantity })
  @IsInt()
  @Min(1)
  @Max(ORDER_LIMITS.quantity)
  quantity!: number;
}

/** Where an order is to be sent, and its bill. */
export class OrderAddressesBody {
  @ApiPropertyOptional({ type: () => Address, description: "The customer's own when left out." })
  @Optional()
  @ValidateNested()
  @Type(() => Address)
  shippingAddress?: Address;

  @ApiPropertyOptional({
    type: () => Address,
    description: "The customer's own, or the shipping address, when left out.",
  })
  @Optional()
  @ValidateNested()
  @Type(() => Address)
  billingAddress?: Address;
}

/** An order to be begun. */
export class DraftOrderBody extends OrderAddressesBody {
  @ApiPropertyOptional({
    maxLength: 128,
    description: "The caller's own id when left out; only the shop's staff orders for others.",
  })
  @Optional()
  @IsId()
  customerId?: string;

  @ApiPropertyOptional({ type: () => [OrderLineBody], maxItems: ORDER_LIMITS.items })
  @Optional()
  @IsArray()
  @ArrayMaxSize(ORDER_LIMITS.items)
  @ValidateNested({ each: true })
  @Type(() => OrderLineBody)
  items?: OrderLineBody[];
}

/** A draft to be placed. */
export class PlaceOrderBody extends OrderAddressesBody {}

/** Why an order is given up. */
export class CancelOrderBody {
  @ApiPropertyOptional({ maxLength: 500 })
  @Optional()
  @IsText({ max: 500, min: 0, lines: true })
  reason?: string;
}

/** The next stage of an order. */
export class OrderStatusBody {
  @ApiProperty({ enum: STAFF_STATUSES })
  @IsIn(STAFF_STATUSES)
  status!: StaffStatus;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'The version that was seen.' })
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  version!: number;

  @ApiPropertyOptional({ maxLength: 500, description: 'Why, where it is cancelled.' })
  @Optional()
  @IsText({ max: 500, min: 0, lines: true })
  reason?: string;
}
