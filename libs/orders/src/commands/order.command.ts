import { Command } from '@nestfold/core';
import { IsId, Optional } from '@shop/contracts';

/** What the commands to an existing order have in common. */
export abstract class OrderCommand extends Command {
  @IsId()
  orderId!: string;

  /** The customer who wants it: an order of somebody else is not found then. Missing for the shop's staff. */
  @Optional()
  @IsId()
  onlyFor?: string | undefined;
}
