import { DomainEvent, EventTypes, upcasts } from '@nestfold/core';

/** The events of the ledger: accounts, and owners that accounts point to. */
@DomainEvent('sim.account-opened')
export class AccountOpened {
  accountId!: string;
  ownerId!: string;
  /** The version of the owner's stream that the writer had seen: its effects must be there before this one's. */
  ownerVersion!: number;
}

@DomainEvent('sim.money-moved')
export class MoneyMoved {
  accountId!: string;
  amount!: number;
}

/** Points the account to an owner as it was at a version. */
@DomainEvent('sim.owner-checked')
export class OwnerChecked {
  accountId!: string;
  ownerId!: string;
  ownerVersion!: number;
}

@DomainEvent('sim.owner-named')
export class OwnerNamed {
  ownerId!: string;
  name!: string;
}

/** The same event as a newer build has it. */
@DomainEvent('sim.owner-named', { version: 2 })
export class OwnerLabelled {
  ownerId!: string;
  label!: string;
}

upcasts(OwnerLabelled)
  .from<OwnerNamed>(1)
  .to(2, ({ ownerId, name }) => ({ ownerId, label: name }))
  .current();

/** Nobody subscribes to it. */
@DomainEvent('sim.remark-made')
export class RemarkMade {
  text!: string;
}

/** Cannot be applied while the curse holds; afterwards it changes nothing. */
@DomainEvent('sim.account-cursed')
export class AccountCursed {
  accountId!: string;
}

const unchanged = [AccountOpened, MoneyMoved, OwnerChecked, RemarkMade, AccountCursed];

/** The catalogue of the ledger. */
export const ledgerEvents = EventTypes.of([...unchanged, OwnerNamed]);

/** And that of a newer build, whose events an older one cannot read. */
export const newerLedgerEvents = EventTypes.of([...unchanged, OwnerLabelled]);
