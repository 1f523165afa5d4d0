/** What decisions about a ticket need to know. */
export class TicketState {
  isCreated = false;
  isClosed = false;
}
