import type { HandlerContext } from '@nestfold/core';
import { EventsHandler, eventsHandlerDefinitionOf, type RegisteredHandler } from '@nestfold/projections';
import { stumble } from './curse.js';
import { AccountOpened } from './ledger-events.js';
import type { LedgerVariant } from './ledger-variant.js';

/** Does the side effect of an event; fails as such things do. */
export type Deliver = (name: string, context: HandlerContext) => Promise<void>;

/** A side effect of some events, as a process of a simulation registers it: it may come twice, and never not at all. */
export function mailHandler<N extends { ownerId: string }>(
  { Named }: LedgerVariant<N>,
  deliver: Deliver,
): RegisteredHandler {
  @EventsHandler(AccountOpened, Named, { name: 'sim-mails', startFrom: 'beginning' })
  class MailHandler {
    async handle(_event: AccountOpened | N, context: HandlerContext): Promise<void> {
      stumble(context.version);
      await deliver('sim-mails', context);
    }
  }
  return { definition: eventsHandlerDefinitionOf(MailHandler), instance: new MailHandler() };
}
