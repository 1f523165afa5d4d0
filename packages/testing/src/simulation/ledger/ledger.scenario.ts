import { categoryOf, idOf, type EventTypes, type NewEvent, type Type } from '@nestfold/core';
import type { Chance } from '../chance.js';
import type { ExpectedModel, Scenario } from '../scenario.js';
import { Activity } from './activity-projection.js';
import { Card } from './card-projection.js';
import { curse } from './curse.js';
import { newerBuilds, oldBuild } from './ledger-builds.js';
import {
  AccountCursed,
  AccountOpened,
  ledgerEvents,
  MoneyMoved,
  OwnerChecked,
  OwnerLabelled,
  OwnerNamed,
  RemarkMade,
} from './ledger-events.js';
import { foldAccounts, foldActivity, foldCards, foldOwners, foldTotal } from './ledger-fold.js';
import { AccountView, OwnerCard, Total } from './ledger-projection.js';

const OWNERS = ['owner-1', 'owner-2'];
const ACCOUNTS = ['account-1', 'account-2', 'account-3', 'account-4', 'account-5', 'account-6'];

const ACCOUNT_EVENTS = ['sim.account-opened', 'sim.money-moved', 'sim.owner-checked'];
const OWNER_EVENTS = ['sim.owner-named'];
const ACTIVE_EVENTS = ['sim.account-opened', 'sim.money-moved', 'sim.owner-named'];

/** Documents that hold the versions applied: for those, everything shows. */
function versioned(
  model: Type<{ readonly versions: number[] }>,
  fold: ExpectedModel['fold'],
  types: readonly string[],
  idFor: (stream: string) => string,
): ExpectedModel {
  const versionsOf = (document: object): readonly number[] => (document as { readonly versions: number[] }).versions;
  return {
    model,
    fold,
    progressOf: (document) => versionsOf(document).length,
    versionOf: (document) => versionsOf(document).at(-1) ?? 0,
    shows: (stream, events, firstVersion) => {
      const last = events.findLastIndex(({ type }) => types.includes(type));
      return last < 0 ? undefined : { id: idFor(stream), version: firstVersion + last };
    },
  };
}

/**
 * The simulation's own domain: everything that a projection may do, in documents in which each lost, doubled or misplaced event shows. `sim-ledger` keeps order
 * across streams, `sim-activity` is fed stream by stream, `sim-cards` is written without transactions.
 */
export const ledgerScenario: Scenario = {
  ...oldBuild,
  newer: newerBuilds,
  models: [
    versioned(AccountView, foldAccounts, ACCOUNT_EVENTS, idOf),
    versioned(OwnerCard, foldOwners, OWNER_EVENTS, idOf),
    versioned(Activity, foldActivity, ACTIVE_EVENTS, (stream) => stream),
    {
      model: Card,
      fold: foldCards,
      progressOf: (document) => (document as Card).version,
      versionOf: (document) => (document as Card).version,
      // An owner's card may go.
      shows: (stream, events, firstVersion) => {
        const last = events.findLastIndex(({ type }) => ACTIVE_EVENTS.includes(type));
        return last < 0 || categoryOf(stream) === 'owner' ? undefined : { id: stream, version: firstVersion + last };
      },
    },
    {
      model: Total,
      fold: foldTotal,
      progressOf: (document) => (document as Total).events,
      shows: () => undefined,
      versionOf: () => 0,
    },
  ],
  poison: { set: (holds) => void (curse.holds = holds), isPoisoned: (type) => type === 'sim.account-cursed' },
  streams: [...OWNERS, ...ACCOUNTS],
  codeOf: (document) => (document as { readonly code: number }).code,
  next: (stream, version, others, chance, types) => ({
    stream,
    events: categoryOf(stream) === 'owner' ? owned(stream, chance, types) : accounted(stream, version, others, chance),
  }),
  closing: (stream, version) =>
    categoryOf(stream) === 'owner'
      ? [ledgerEvents.newEvent(OwnerNamed, { ownerId: idOf(stream), name: 'closed' })]
      : accountClosing(idOf(stream), version),
};

function accountClosing(accountId: string, version: number): NewEvent[] {
  const moved = ledgerEvents.newEvent(MoneyMoved, { accountId, amount: 1 });
  if (version > 0) return [moved];
  return [ledgerEvents.newEvent(AccountOpened, { accountId, ownerId: idOf(OWNERS[0]!), ownerVersion: 0 }), moved];
}

function owned(stream: string, chance: Chance, types: EventTypes): NewEvent[] {
  const ownerId = idOf(stream);
  const name = `name ${chance.whole(1, 999)}`;
  const isNewer = types.classOf('sim.owner-named') === OwnerLabelled;
  return [
    isNewer
      ? types.newEvent(OwnerLabelled, { ownerId, label: name })
      : ledgerEvents.newEvent(OwnerNamed, { ownerId, name }),
  ];
}

function accounted(stream: string, version: number, others: ReadonlyMap<string, number>, chance: Chance): NewEvent[] {
  const accountId = idOf(stream);
  const owner = chance.pick(OWNERS);
  const seen = { ownerId: idOf(owner), ownerVersion: others.get(owner) ?? 0 };
  const events = Array.from({ length: chance.whole(1, 3) }, (): NewEvent => {
    if (curse.holds && chance.happens(0.05)) return ledgerEvents.newEvent(AccountCursed, { accountId });
    const lot = chance.number();
    if (lot < 0.7) return ledgerEvents.newEvent(MoneyMoved, { accountId, amount: chance.whole(-50, 100) });
    if (lot < 0.9) return ledgerEvents.newEvent(OwnerChecked, { accountId, ...seen });
    return ledgerEvents.newEvent(RemarkMade, { text: 'a remark' });
  });
  return version === 0 ? [ledgerEvents.newEvent(AccountOpened, { accountId, ...seen }), ...events] : events;
}
