import type { EventContext, Type } from '@nestfold/core';
import { On, Projection, ReadModelDocument, writes } from '@nestfold/projections';
import { suffer } from './curse.js';
import { AccountCursed, AccountOpened, MoneyMoved, OwnerChecked } from './ledger-events.js';
import type { LedgerVariant } from './ledger-variant.js';

/** `versions` holds the version of each event that was applied, in that order: a loss, a repetition or an inversion shows. */
@ReadModelDocument('sim_account')
export class AccountView {
  _id!: string;
  versions!: number[];
  balance!: number;
  ownerId!: string;
  ownerName!: string;
  /** False once an event was applied before one that its writer had seen. */
  causal!: boolean;
  /** The version of the projection that wrote it; so in all documents. */
  code!: number;
}

@ReadModelDocument('sim_owner')
export class OwnerCard {
  _id!: string;
  versions!: number[];
  name!: string;
  code!: number;
}

/** Counters: the most forgetful read model, in which only the number of applications shows. */
@ReadModelDocument('sim_total')
export class Total {
  _id!: string;
  events!: number;
  moved!: number;
  code!: number;
}

const account = writes(AccountView);
const card = writes(OwnerCard);
const total = writes(Total);

type WithOwner = EventContext & { readonly owner: OwnerCard | undefined };

const hasSeen = (owner: OwnerCard | undefined, version: number): boolean => (owner?.versions.at(-1) ?? 0) >= version;

/** Documents of several streams, and reads of one stream's documents for another one's: order across streams matters. */
export function ledgerProjection<N extends { ownerId: string }>({
  version: code,
  reads,
  Named,
  nameOf,
}: LedgerVariant<N>): Type<object> {
  const counted = (moved = 0) =>
    total.increment('all', { events: 1, moved }, { initial: { events: 0, moved: 0, code } });

  @Projection('sim-ledger', { version: code, reads, readModels: [AccountView, OwnerCard, Total] })
  class LedgerProjection {
    @On(AccountOpened, { with: { owner: [OwnerCard, (e) => e.ownerId] } })
    opened(e: AccountOpened, { owner, version }: WithOwner) {
      const { accountId, ownerId } = e;
      const causal = hasSeen(owner, e.ownerVersion);
      const ownerName = owner?.name ?? '';
      return [
        account.insert(accountId, { versions: [version], balance: 0, ownerId, ownerName, causal, code }),
        counted(),
      ];
    }

    @On(MoneyMoved)
    moved(e: MoneyMoved, { version }: EventContext) {
      return [
        account.push(e.accountId, 'versions', version),
        account.increment(e.accountId, { balance: e.amount }),
        counted(e.amount),
      ];
    }

    @On(OwnerChecked, { with: { owner: [OwnerCard, (e) => e.ownerId] } })
    checked(e: OwnerChecked, { owner, version }: WithOwner) {
      return [
        account.push(e.accountId, 'versions', version),
        ...(hasSeen(owner, e.ownerVersion) ? [] : [account.patch(e.accountId, { causal: false })]),
        counted(),
      ];
    }

    @On(Named)
    named(e: N, { version }: EventContext) {
      const name = nameOf(e);
      return [
        card.reduce(e.ownerId, (owner) => ({ versions: [...(owner?.versions ?? []), version], name, code })),
        account.patchWhere({ ownerId: e.ownerId }, { ownerName: name }),
        counted(),
      ];
    }

    @On(AccountCursed)
    cursed() {
      return suffer();
    }
  }
  return LedgerProjection;
}
