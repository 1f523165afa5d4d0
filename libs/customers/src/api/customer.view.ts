import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { VIP_STATUSES, type VipStatus } from '@shop/contracts';
import { Address } from '@shop/platform';
import type { CustomerRecord } from '../read-models/customers/customer-record.read-model.js';

/** A customer's account. */
export class CustomerView {
  @ApiProperty()
  id!: string;

  @ApiProperty({ type: 'integer' })
  version!: number;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  email!: string;

  @ApiPropertyOptional()
  phone?: string | undefined;

  @ApiProperty({ enum: VIP_STATUSES })
  vipStatus!: VipStatus;

  @ApiPropertyOptional({ type: () => Address })
  shippingAddress?: Address | undefined;

  @ApiPropertyOptional({ type: () => Address })
  billingAddress?: Address | undefined;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** A customer's document as the API shows it. */
export function customerView(customer: CustomerRecord): CustomerView {
  const { _id: id, version, name, email, phone, vipStatus } = customer;
  const { shippingAddress, billingAddress, createdAt, updatedAt } = customer;
  return { id, version, name, email, phone, vipStatus, shippingAddress, billingAddress, createdAt, updatedAt };
}
