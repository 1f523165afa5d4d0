import { Address, Optional } from '@shop/contracts';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { OrderCommand } from './order.command.js';

/** Order what is in a draft. Addresses that are left out are the draft's. */
export class PlaceOrder extends OrderCommand {
  @Optional()
  @ValidateNested()
  @Type(() => Address)
  shippingAddress?: Address | undefined;

  @Optional()
  @ValidateNested()
  @Type(() => Address)
  billingAddress?: Address | undefined;
}
