import { Command } from '@nestfold/core';
import { IsId } from '@shop/contracts';

/** Close ticket. */
export class CloseTicket extends Command {
  @IsId()
  ticketId!: string;
}
