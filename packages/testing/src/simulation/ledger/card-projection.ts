import type { EventContext, Type } from '@nestfold/core';
import { On, Projection, ReadModelDocument, writes } from '@nestfold/projections';
import { suffer } from './curse.js';
import { AccountCursed, AccountOpened, MoneyMoved } from './ledger-events.js';
import type { LedgerVariant } from './ledger-variant.js';

/** The latest of one stream. */
@ReadModelDocument('sim_card')
export class Card {
  _id!: string;
  version!: number;
  text!: string;
  code!: number;
}

const card = writes(Card);

/** An owner of such a name wants no card. */
export const isShy = (name: string): boolean => name.endsWith('7');

/** Written without transactions: only what may be written again. */
export function cardProjection<N extends { ownerId: string }>({
  version: code,
  reads,
  Named,
  nameOf,
}: LedgerVariant<N>): Type<object> {
  @Projection('sim-cards', { version: code, reads, readModels: [Card], mode: 'plain' })
  class CardProjection {
    @On(AccountOpened)
    opened(_e: AccountOpened, { stream, version }: EventContext) {
      return card.insert(stream, { version, text: 'opened', code });
    }

    @On(MoneyMoved)
    moved({ amount }: MoneyMoved, { stream, version }: EventContext) {
      return card.patch(stream, { version, text: `${amount}` });
    }

    @On(Named)
    named(e: N, { stream, version }: EventContext) {
      const text = nameOf(e);
      return isShy(text) ? card.remove(stream) : card.insert(stream, { version, text, code });
    }

    @On(AccountCursed)
    cursed() {
      return suffer();
    }
  }
  return CardProjection;
}
