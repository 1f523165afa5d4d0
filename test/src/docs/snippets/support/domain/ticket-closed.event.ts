import { DomainEvent } from '@nestfold/core';

/** A fact about a ticket: ticket closed. Where later decisions depend on it, Ticket needs an @Apply method for it. */
@DomainEvent('ticket.closed')
export class TicketClosed {
  ticketId!: string;
}
