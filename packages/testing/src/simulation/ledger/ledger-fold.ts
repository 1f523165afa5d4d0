import { idOf, type Commit } from '@nestfold/core';
import type { Documents } from '../../history/judge-read-side.js';
import { isShy } from './card-projection.js';
import type { AccountOpened, MoneyMoved, OwnerLabelled, OwnerNamed } from './ledger-events.js';

interface Fact {
  readonly type: string;
  readonly data: object;
  readonly stream: string;
  readonly id: string;
  readonly version: number;
}

const ACTIVE: ReadonlySet<string> = new Set(['sim.account-opened', 'sim.money-moved', 'sim.owner-named']);

/** They change nothing. */
const SILENT: ReadonlySet<string> = new Set(['sim.remark-made', 'sim.account-cursed']);

function factsOf(commits: readonly Commit[]): Fact[] {
  return commits.flatMap(({ stream, firstVersion, events }) =>
    events.map(({ type, data }, index) => ({ type, data, stream, id: idOf(stream), version: firstVersion + index })),
  );
}

/** In either form of the event. */
const nameIn = (data: object): string => (data as Partial<OwnerNamed>).name ?? (data as OwnerLabelled).label;

/** What the accounts must be: written without the engine. An owner's name is the last one, whenever the account was opened. */
export function foldAccounts(commits: readonly Commit[], code: number): Documents {
  const facts = factsOf(commits);
  const names = new Map(
    facts.filter(({ type }) => type === 'sim.owner-named').map(({ id, data }) => [id, nameIn(data)]),
  );
  const accounts = new Map<string, { _id: string; versions: number[]; balance: number; ownerId: string }>();
  for (const { type, data, id, version } of facts) {
    if (type === 'sim.account-opened')
      accounts.set(id, { _id: id, versions: [version], balance: 0, ownerId: (data as AccountOpened).ownerId });
    const account = accounts.get(id);
    if (account === undefined || (type !== 'sim.money-moved' && type !== 'sim.owner-checked')) continue;
    account.versions.push(version);
    if (type === 'sim.money-moved') account.balance += (data as MoneyMoved).amount;
  }
  return new Map(
    [...accounts].map(([id, one]) => [id, { ...one, ownerName: names.get(one.ownerId) ?? '', causal: true, code }]),
  );
}

export function foldOwners(commits: readonly Commit[], code: number): Documents {
  const owners = new Map<
    string,
    { readonly _id: string; readonly versions: number[]; readonly [field: string]: unknown }
  >();
  for (const { type, data, id, version } of factsOf(commits)) {
    if (type !== 'sim.owner-named') continue;
    const versions = [...(owners.get(id)?.versions ?? []), version];
    owners.set(id, { _id: id, versions, name: nameIn(data), code });
  }
  return owners;
}

export function foldTotal(commits: readonly Commit[], code: number): Documents {
  const counted = factsOf(commits).filter(({ type }) => !SILENT.has(type));
  if (counted.length === 0) return new Map();
  const moved = counted.reduce(
    (sum, { type, data }) => sum + (type === 'sim.money-moved' ? (data as MoneyMoved).amount : 0),
    0,
  );
  return new Map([['all', { _id: 'all', events: counted.length, moved, code }]]);
}

export function foldActivity(commits: readonly Commit[], code: number): Documents {
  const activities = new Map<
    string,
    { readonly _id: string; readonly versions: number[]; readonly [field: string]: unknown }
  >();
  for (const { type, stream: id, version } of factsOf(commits)) {
    if (!ACTIVE.has(type)) continue;
    const versions = [...(activities.get(id)?.versions ?? []), version];
    activities.set(id, { _id: id, count: versions.length, versions, code });
  }
  return activities;
}

export function foldCards(commits: readonly Commit[], code: number): Documents {
  const cards = new Map<string, object>();
  for (const { type, data, stream: _id, version } of factsOf(commits)) {
    if (type === 'sim.account-opened') cards.set(_id, { _id, version, text: 'opened', code });
    if (type === 'sim.money-moved' && cards.has(_id))
      cards.set(_id, { _id, version, text: `${(data as MoneyMoved).amount}`, code });
    if (type === 'sim.owner-named') {
      if (isShy(nameIn(data))) cards.delete(_id);
      else cards.set(_id, { _id, version, text: nameIn(data), code });
    }
  }
  return cards;
}
