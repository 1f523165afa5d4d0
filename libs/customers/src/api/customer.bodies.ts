import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { IsPhone, IsText, Optional, VIP_STATUSES, type VipStatus } from '@shop/contracts';
import { Address } from '@shop/platform';
import { Type } from 'class-transformer';
import { IsEmail, IsIn, MaxLength, ValidateNested } from 'class-validator';

/** A customer to be registered. */
export class RegisterCustomerBody {
  @ApiProperty({ maxLength: 200, example: 'Ada Example' })
  @IsText({ max: 200 })
  name!: string;

  @ApiProperty({ maxLength: 254, format: 'email', example: 'ada@example.com' })
  @MaxLength(254)
  @IsEmail()
  email!: string;

  @ApiPropertyOptional({ example: '+1 555 0100' })
  @Optional()
  @IsPhone()
  phone?: string;

  @ApiPropertyOptional({ enum: VIP_STATUSES, description: 'For the shop to say, not for customers.' })
  @Optional()
  @IsIn(VIP_STATUSES)
  vipStatus?: VipStatus;

  @ApiPropertyOptional({ type: () => Address, description: 'Where orders go that name no address.' })
  @Optional()
  @ValidateNested()
  @Type(() => Address)
  shippingAddress?: Address;

  @ApiPropertyOptional({ type: () => Address, description: 'Where bills go; the shipping address when left out.' })
  @Optional()
  @ValidateNested()
  @Type(() => Address)
  billingAddress?: Address;
}

/** What of a customer is to change; what is left out stays. */
export class ChangeCustomerBody extends PartialType(RegisterCustomerBody, { skipNullProperties: false }) {}
