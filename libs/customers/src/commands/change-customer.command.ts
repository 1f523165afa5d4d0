import { Command } from '@nestfold/core';
import { Address, IsId, IsPhone, IsText, Optional, VIP_STATUSES, type VipStatus } from '@shop/contracts';
import { Type } from 'class-transformer';
import { IsEmail, IsIn, MaxLength, ValidateNested } from 'class-validator';

/** Change what is known of a customer, in one decision; what is left out stays. */
export class ChangeCustomer extends Command {
  @IsId()
  customerId!: string;

  @Optional()
  @IsText({ max: 200 })
  name?: string | undefined;

  @Optional()
  @MaxLength(254)
  @IsEmail()
  email?: string | undefined;

  @Optional()
  @IsPhone()
  phone?: string | undefined;

  @Optional()
  @IsIn(VIP_STATUSES)
  vipStatus?: VipStatus | undefined;

  @Optional()
  @ValidateNested()
  @Type(() => Address)
  shippingAddress?: Address | undefined;

  @Optional()
  @ValidateNested()
  @Type(() => Address)
  billingAddress?: Address | undefined;
}
