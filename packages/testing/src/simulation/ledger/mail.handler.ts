import type { HandlerContext } from '@nestfold/core';
import { EventsHandler, eventsHandlerDefinitionOf, type RegisteredHandler } from '@nestfold/projections';
import { AccountOpened, OwnerNamed } from './ledger-events.js';

/** A side effect of some events: it may come twice, and never not at all. */
@EventsHandler(AccountOpened, OwnerNamed, { name: 'sim-mails', startFrom: 'beginning' })
export class MailHandler {
  constructor(private readonly deliver: (name: string, context: HandlerContext) => Promise<void>) {}

  async handle(_event: AccountOpened | OwnerNamed, context: HandlerContext): Promise<void> {
    await this.deliver('sim-mails', context);
  }
}

/** The handler as a process of a simulation registers it. */
export function mailHandler(deliver: (name: string, context: HandlerContext) => Promise<void>): RegisteredHandler {
  return { definition: eventsHandlerDefinitionOf(MailHandler), instance: new MailHandler(deliver) };
}
