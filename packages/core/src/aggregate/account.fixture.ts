import { EventContext } from '../context/event-context.js';
import { Decimal } from '../data/decimal.js';
import { DomainEvent } from '../event/domain-event.decorator.js';
import type { Commit, NewEvent } from '../event/event.js';
import { EventTypes } from '../event/event-types.js';
import { upcasts } from '../event/upcaster.js';
import { storeTime } from '../feed/store-time.js';
import { aggregateDefinitionOf } from './aggregate-definition.js';
import { AggregateRoot } from './aggregate-root.js';
import { Aggregate } from './aggregate.decorator.js';
import { Apply } from './apply.decorator.js';
import { decide } from './decide.js';
import { blank } from './rehydrate.js';

@DomainEvent('account.opened')
export class Opened {
  owner!: { name: string };
  tags!: string[];
}
@DomainEvent('account.paid', { version: 2 })
export class Paid {
  amount!: Decimal;
}
upcasts(Paid)
  .from<{ amount: string }>(1)
  .to(2, ({ amount }) => ({ amount: Decimal.of(amount) }))
  .current();
@DomainEvent('account.noted')
export class Noted {
  note!: string;
}
@DomainEvent('account.closed')
export class Closed {}
@DomainEvent('account.unlisted')
export class Unlisted {}

export class AccountState {
  tags: string[] = [];
  balance = Decimal.of(0);
  closed = false;
  seen: {
    id: string;
    stream: string;
    version: number;
    occurredAt: number;
    recordedAt: number;
    correlationId: string;
  }[] = [];
  kinds: boolean[] = [];
}

@Aggregate('account', { state: AccountState, events: [Opened, Paid, Noted, Closed] })
export class Account extends AggregateRoot<AccountState> {
  open(tags: string[]): void {
    this.emit(Opened, { owner: { name: 'Ada' }, tags });
  }

  pay(amount: string): Decimal {
    this.require(!this.state.closed, 'account.closed', 'It is closed.', { amount });
    this.emit(Paid, { amount: Decimal.of(amount) });
    return this.state.balance;
  }

  close(): void {
    this.emit(Closed, {});
  }

  note(note: string): void {
    this.emit(Noted, { note });
  }

  forbidden(): void {
    this.emit(Unlisted, {});
  }

  tagMore(tag: string): void {
    this.open(['first']);
    this.state.tags.push(tag);
  }

  unstorable(): void {
    this.emit(Noted, { note: (() => 'x') as unknown as string });
  }

  @Apply(Opened)
  protected opened(event: Opened): void {
    this.state.kinds.push(event instanceof Opened);
    this.state.tags = event.tags;
  }

  @Apply(Paid)
  protected paid(event: Paid, { eventId: id, stream, version, occurredAt, recordedAt, metadata }: EventContext): void {
    this.state.balance = this.state.balance.plus(event.amount);
    const times = { occurredAt: occurredAt.getTime(), recordedAt: recordedAt.getTime() };
    this.state.seen.push({ id, stream, version, ...times, correlationId: metadata.correlationId });
  }

  @Apply(Closed)
  protected closes(): void {
    this.state.closed = true;
  }
}

export const definition = aggregateDefinitionOf(Account);
export const types = EventTypes.of([Opened, Paid, Noted, Closed, Unlisted]);
const metadata = { correlationId: 'c', causationId: 'c' };
export const at = { stream: 'account-1', occurredAt: new Date(1000), recordedAt: new Date(2000), metadata };

export const commitOf = (firstVersion: number, events: readonly NewEvent[]): Commit => ({
  ...at,
  firstVersion,
  events: structuredCloneEvents(events),
  id: `commit-${firstVersion}`,
  keyed: false,
  time: storeTime(1, firstVersion),
});
/** As from a store: fresh objects without classes, Decimals apart. */
const structuredCloneEvents = (events: readonly NewEvent[]): NewEvent[] =>
  events.map(({ type, schema, data }) => ({ type, schema, data: { ...data } }));

export const stateAfter = (
  ...acts: ((account: Account) => unknown)[]
): { events: readonly NewEvent[]; state: AccountState } => {
  const subject = blank(definition);
  const events = decide(definition, subject, at, (account) => {
    for (const act of acts) act(account);
  });
  return { events, state: subject.state as AccountState };
};
