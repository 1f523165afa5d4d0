import { DomainEvent } from '@nestfold/core';

/** There is a new ticket. */
@DomainEvent('ticket.created')
export class TicketCreated {
  ticketId!: string;
}
