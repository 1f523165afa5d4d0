import type { EventContext } from '@nestfold/core';
import { On, Projection, ReadModelDocument, writes } from '@nestfold/projections';
import { suffer } from './curse.js';
import { AccountCursed, AccountOpened, MoneyMoved, OwnerChecked, OwnerNamed } from './ledger-events.js';

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
}

@ReadModelDocument('sim_owner')
export class OwnerCard {
  _id!: string;
  versions!: number[];
  name!: string;
}

/** Counters: the most forgetful read model, in which only the number of applications shows. */
@ReadModelDocument('sim_total')
export class Total {
  _id!: string;
  events!: number;
  moved!: number;
}

const account = writes(AccountView);
const card = writes(OwnerCard);
const total = writes(Total);

type WithOwner = EventContext & { readonly owner: OwnerCard | undefined };

const counted = (moved = 0) => total.increment('all', { events: 1, moved }, { initial: { events: 0, moved: 0 } });
const hasSeen = (owner: OwnerCard | undefined, version: number): boolean => (owner?.versions.at(-1) ?? 0) >= version;

/** Documents of several streams, and reads of one stream's documents for another one's: order across streams matters. */
@Projection('sim-ledger', { version: 1, readModels: [AccountView, OwnerCard, Total] })
export class LedgerProjection {
  @On(AccountOpened, { with: { owner: [OwnerCard, (e) => e.ownerId] } })
  opened(e: AccountOpened, { owner, version }: WithOwner) {
    const ownerName = owner?.name ?? '';
    const causal = hasSeen(owner, e.ownerVersion);
    return [
      account.insert(e.accountId, { versions: [version], balance: 0, ownerId: e.ownerId, ownerName, causal }),
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

  @On(OwnerNamed)
  named(e: OwnerNamed, { version }: EventContext) {
    return [
      card.reduce(e.ownerId, (owner) => ({ versions: [...(owner?.versions ?? []), version], name: e.name })),
      account.patchWhere({ ownerId: e.ownerId }, { ownerName: e.name }),
      counted(),
    ];
  }

  @On(AccountCursed)
  cursed() {
    return suffer();
  }
}
