import { DomainEvent, EventTypes, type NewEvent, type StoreConnection } from '@nestfold/core';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { ReadModelDocument } from '../definition/read-model-document.decorator.js';
import { writes } from '../definition/writes.js';
import { append } from '../fixtures/store.fixture.js';

/** Accounts whose documents are fed by one stream each; none of what is done to them can be done twice unnoticed. */
@DomainEvent('account.opened')
export class AccountOpened {
  accountId!: string;
}

@DomainEvent('account.moved')
export class AccountMoved {
  accountId!: string;
  by!: number;
}

@DomainEvent('account.closed')
export class AccountClosed {
  accountId!: string;
}

@DomainEvent('account.audited')
export class AccountAudited {
  accountId!: string;
}

@ReadModelDocument('account_view', { indexes: [{ name: 'total', keys: { total: 1 } }] })
export class AccountView {
  _id!: string;
  total!: number;
  moves!: number;
  digest!: number;
}

@ReadModelDocument('account_log')
export class AccountLog {
  _id!: string;
  moves!: number[];
}

const view = writes(AccountView);
const log = writes(AccountLog);

@Projection('accounts', {
  version: 1,
  readModels: [AccountView, AccountLog],
  slicing: 'stream',
  module: import.meta.url,
})
export class AccountProjection {
  @On(AccountOpened) opened({ accountId }: AccountOpened) {
    return [view.insert(accountId, { total: 0, moves: 0, digest: 7 }), log.insert(`log-${accountId}`, { moves: [] })];
  }

  @On(AccountMoved) moved({ accountId, by }: AccountMoved) {
    return [
      view.increment(accountId, { total: by, moves: 1 }),
      view.reduce(accountId, (present) => present && { ...present, digest: (present.digest * 31 + by) % 1_000_003 }),
      log.push(`log-${accountId}`, 'moves', by),
    ];
  }

  @On(AccountClosed) closed({ accountId }: AccountClosed) {
    return [view.remove(accountId), log.remove(`log-${accountId}`)];
  }
}

export const accountEvents = EventTypes.of([AccountOpened, AccountMoved, AccountClosed, AccountAudited]);

/** What an account is to have gone through: so many moves, closed or not; audits, which nobody subscribes to, between them. */
export interface AccountStory {
  readonly accountId: string;
  readonly moves: number;
  readonly closed?: boolean;
}

/** Appends stories, one event or several a commit, in turns, so that the streams' times are mixed. */
export async function tell(store: StoreConnection, stories: readonly AccountStory[]): Promise<void> {
  const open = stories.map((story) => ({ story, events: eventsOf(story) }));
  for (let round = 0; open.some(({ events }) => events.length > 0); round += 1) {
    for (const { story, events } of open) {
      const some = events.splice(0, 1 + ((round + story.moves) % 3));
      if (some.length > 0) await append(store, `account-${story.accountId}`, ...some);
    }
  }
}

/** Stories of very different length. */
export function stories(count: number): AccountStory[] {
  return Array.from({ length: count }, (_, index) => ({
    accountId: `a${index}`,
    moves: index % 17 === 0 ? 60 : index % 7,
    closed: index % 5 === 0,
  }));
}

function eventsOf({ accountId, moves, closed }: AccountStory): NewEvent[] {
  const event = accountEvents.newEvent.bind(accountEvents);
  return [
    event(AccountOpened, { accountId }),
    ...Array.from({ length: moves }, (_, index) => [
      event(AccountMoved, { accountId, by: index + 1 }),
      ...(index % 4 === 0 ? [event(AccountAudited, { accountId })] : []),
    ]).flat(),
    ...(closed === true ? [event(AccountClosed, { accountId })] : []),
  ];
}
