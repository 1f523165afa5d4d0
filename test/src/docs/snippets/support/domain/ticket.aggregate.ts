import { Aggregate, AggregateRoot, Apply, Handle } from '@nestfold/core';
import { CreateTicket } from '../commands/create-ticket.command.js';
import { TicketCreated } from './ticket.events.js';
import { TicketState } from './ticket.state.js';
import { TicketClosed } from './ticket-closed.event.js';
import { CloseTicket } from '../commands/close-ticket.command.js';

/** What may happen to a ticket, and by which rules. */
@Aggregate('ticket', { state: TicketState, events: [TicketCreated, TicketClosed] })
export class Ticket extends AggregateRoot<TicketState> {
  @Handle(CreateTicket, { id: 'ticketId', on: 'new' })
  create({ ticketId }: CreateTicket): void {
    this.emit(TicketCreated, { ticketId });
  }

  @Apply(TicketCreated) protected created(): void {
    this.state.isCreated = true;
  }

  @Handle(CloseTicket, { id: 'ticketId' })
  closeTicket({ ticketId }: CloseTicket): void {
    this.require(!this.state.isClosed, 'ticket.closed-already');
    this.emit(TicketClosed, { ticketId });
  }

  @Apply(TicketClosed) protected closed(): void {
    this.state.isClosed = true;
  }
}
