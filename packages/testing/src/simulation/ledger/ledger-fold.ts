import { idOf, type Commit } from '@nestfold/core';
import type { Documents } from '../../history/judge-read-side.js';
import type { AccountOpened, MoneyMoved, OwnerNamed } from './ledger-events.js';

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

/** What the accounts must be: written without the engine. An owner's name is the last one, whenever the account was opened. */
export function foldAccounts(commits: readonly Commit[]): Documents {
  const facts = factsOf(commits);
  const names = new Map(
    facts.filter(({ type }) => type === 'sim.owner-named').map(({ id, data }) => [id, (data as OwnerNamed).name]),
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
    [...accounts].map(([id, one]) => [id, { ...one, ownerName: names.get(one.ownerId) ?? '', causal: true }]),
  );
}

export function foldOwners(commits: readonly Commit[]): Documents {
  const owners = new Map<string, { _id: string; versions: number[]; name: string }>();
  for (const { type, data, id, version } of factsOf(commits)) {
    if (type !== 'sim.owner-named') continue;
    const versions = [...(owners.get(id)?.versions ?? []), version];
    owners.set(id, { _id: id, versions, name: (data as OwnerNamed).name });
  }
  return owners;
}

export function foldTotal(commits: readonly Commit[]): Documents {
  const counted = factsOf(commits).filter(({ type }) => !SILENT.has(type));
  if (counted.length === 0) return new Map();
  const moved = counted.reduce(
    (sum, { type, data }) => sum + (type === 'sim.money-moved' ? (data as MoneyMoved).amount : 0),
    0,
  );
  return new Map([['all', { _id: 'all', events: counted.length, moved }]]);
}

export function foldActivity(commits: readonly Commit[]): Documents {
  const activities = new Map<string, { _id: string; count: number; versions: number[] }>();
  for (const { type, stream: id, version } of factsOf(commits)) {
    if (!ACTIVE.has(type)) continue;
    const versions = [...(activities.get(id)?.versions ?? []), version];
    activities.set(id, { _id: id, count: versions.length, versions });
  }
  return activities;
}
