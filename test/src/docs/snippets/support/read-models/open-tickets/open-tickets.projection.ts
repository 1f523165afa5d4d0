import type { EventContext } from '@nestfold/core';
import { On, Projection, writes } from '@nestfold/projections';
import { TicketCreated } from '../../domain/ticket.events.js';
import { TicketClosed } from '../../domain/ticket-closed.event.js';
import { OpenTicketsDocument } from './open-tickets.read-model.js';

const documents = writes(OpenTicketsDocument);

/** Feeds open tickets. Pure: times come from the event, so that a rebuild shows the same. */
@Projection('open-tickets', { version: 2, readModels: [OpenTicketsDocument] })
export class OpenTicketsProjection {
  @On(TicketCreated)
  ticketCreated(event: TicketCreated, { occurredAt }: EventContext) {
    return documents.insert(event.ticketId, { since: occurredAt });
  }

  @On(TicketClosed)
  ticketClosed(event: TicketClosed) {
    return documents.remove(event.ticketId);
  }
}
