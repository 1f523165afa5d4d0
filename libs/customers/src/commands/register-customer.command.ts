import { Command } from '@nestfold/core';
import { Address, IsId, IsPhone, IsText, Optional, VIP_STATUSES, type VipStatus } from '@shop/contracts';
import { Type } from 'class-transformer';
import { IsEmail, IsIn, MaxLength, ValidateNested } from 'class-validator';

/** Open an account for a customer. */
export class RegisterCustomer extends Command {
  /** Made by the shop where it is left out. */
  @Optional()
  @IsId()
  customerId?: string | undefined;

  @IsText({ max: 200 })
  name!: string;

  @MaxLength(254)
  @IsEmail()
  email!: string;

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

  /** The shipping address serves for both where this is left out. */
  @Optional()
  @ValidateNested()
  @Type(() => Address)
  billingAddress?: Address | undefined;
}
