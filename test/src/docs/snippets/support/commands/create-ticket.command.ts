import { Command } from '@nestfold/core';
import { IsId } from '@shop/contracts';

/** Create a ticket. */
export class CreateTicket extends Command {
  @IsId()
  ticketId!: string;
}
