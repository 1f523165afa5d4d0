import { describe, expect, it, vi } from 'vitest';
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
import { blank, rehydrate } from './rehydrate.js';

@DomainEvent('account.opened')
class Opened {
  owner!: { name: string };
  tags!: string[];
}
@DomainEvent('account.paid', { version: 2 })
class Paid {
  amount!: Decimal;
}
upcasts(Paid).from<{ amount: string }>(1).to(2, ({ amount }) => ({ amount: Decimal.of(amount) })).current();
@DomainEvent('account.noted')
class Noted {
  note!: string;
}
@DomainEvent('account.closed')
class Closed {}
@DomainEvent('account.unlisted')
class Unlisted {}

class AccountState {
  tags: string[] = [];
  balance = Decimal.of(0);
  closed = false;
  seen: { id: string; stream: string; version: number; occurredAt: number; recordedAt: number; correlationId: string }[] = [];
  kinds: boolean[] = [];
}

@Aggregate('account', { state: AccountState, events: [Opened, Paid, Noted, Closed] })
class Account extends AggregateRoot<AccountState> {
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

const definition = aggregateDefinitionOf(Account);
const types = EventTypes.of([Opened, Paid, Noted, Closed, Unlisted]);
const metadata = { correlationId: 'c', causationId: 'c' };
const at = { stream: 'account-1', occurredAt: new Date(1000), recordedAt: new Date(2000), metadata };

const commitOf = (firstVersion: number, events: readonly NewEvent[]): Commit => ({
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

const stateAfter = (...acts: ((account: Account) => unknown)[]): { events: readonly NewEvent[]; state: AccountState } => {
  const subject = blank(definition);
  const events = decide(definition, subject, at, (account) => {
    for (const act of acts) act(account);
  });
  return { events, state: subject.state as AccountState };
};

describe('decide', () => {
  it('answers the emitted events in order, in today’s schema', () => {
    const { events } = stateAfter(
      (account) => account.open(['a']),
      (account) => account.pay('2.50'),
    );
    expect(events).toEqual([
      { type: 'account.opened', schema: 1, data: { owner: { name: 'Ada' }, tags: ['a'] } },
      { type: 'account.paid', schema: 2, data: { amount: Decimal.of('2.50') } },
    ]);
  });

  it('applies each event at once, so that the decision sees it', () => {
    let balance: string | undefined;
    const { state } = stateAfter(
      (account) => account.pay('2.50'),
      (account) => {
        balance = account.pay('1.25').toString();
      },
    );
    expect(balance).toBe('3.75');
    expect(state.balance.toString()).toBe('3.75');
  });

  it('gives appliers an instance of the event’s class', () => {
    expect(stateAfter((account) => account.open([])).state.kinds).toEqual([true]);
  });

  it('shows appliers the version that the event will get, and the decision’s time', () => {
    const { state } = stateAfter(
      (account) => account.open([]),
      (account) => account.pay('1'),
      (account) => account.pay('1'),
    );
    const place = { stream: 'account-1', occurredAt: 1000, recordedAt: 2000, correlationId: 'c' };
    expect(state.seen).toEqual([
      { ...place, id: 'account-1:2', version: 2 },
      { ...place, id: 'account-1:3', version: 3 },
    ]);
  });

  it('leaves what was emitted alone when the state keeps a part of it and changes it', () => {
    // Fails without the second copy in `emit`: the stored event would say ['first', 'second'].
    const { events, state } = stateAfter((account) => account.tagMore('second'));
    expect(state.tags).toEqual(['first', 'second']);
    expect(events[0]?.data).toMatchObject({ tags: ['first'] });
  });

  it('leaves what was emitted alone when the caller changes it afterwards', () => {
    const tags = ['a'];
    const { events } = stateAfter(
      (account) => account.open(tags),
      () => tags.push('b'),
    );
    expect(events[0]?.data).toMatchObject({ tags: ['a'] });
  });

  it('refuses by rule, with the rule’s code, message and details', () => {
    const act = (): unknown =>
      stateAfter(
        (account) => account.close(),
        (account) => account.pay('1'),
      );
    expect(act).toThrow(
      expect.objectContaining({ kind: 'domain-rejection', code: 'account.closed', message: 'It is closed.', details: { amount: '1' } }),
    );
  });

  it('refuses an event that the aggregate does not list', () => {
    expect(() => stateAfter((account) => account.forbidden())).toThrow(/Account emits Unlisted, which @Aggregate does not list: add it to events/);
  });

  it('refuses data that storage would lose, naming type and path', () => {
    expect(() => stateAfter((account) => account.unstorable())).toThrow(
      expect.objectContaining({ code: 'event.invalid', details: { type: 'account.noted', path: 'note' } }),
    );
  });

  it('refuses a decision that answers a promise, and hears out its failure', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const act = async (): Promise<void> => {
      throw new Error('later');
    };
    expect(() => decide(definition, blank(definition), at, act)).toThrow(/A decision on Account returned a promise/);
    // A turn of the event loop: unhandled rejections are told after the microtasks.
    await new Promise(setImmediate);
    expect(unhandled).not.toHaveBeenCalled();
    process.off('unhandledRejection', unhandled);
  });

  it('refuses what is emitted after the decision has ended', () => {
    let kept: Account | undefined;
    stateAfter((account) => {
      kept = account;
    });
    expect(() => kept?.note('late')).toThrow(/Account emits Noted outside of a decision/);
    expect(() => new Account().note('by hand')).toThrow(/outside of a decision/);
  });

  it('refuses what an applier emits', () => {
    class Echo extends AggregateRoot<AccountState> {
      start(): void {
        this.emit(Noted, { note: '' });
      }
      @Apply(Noted)
      protected noted(): void {
        this.emit(Closed, {});
      }
    }
    Aggregate('echo', { state: AccountState, events: [Noted, Closed] })(Echo);
    const echo = aggregateDefinitionOf(Echo);
    expect(() => decide(echo, blank(echo), at, (one) => one.start())).toThrow(/An @Apply method of Echo emits Closed/);
    const history = [commitOf(1, [types.newEvent(Noted, { note: '' })])];
    expect(() => rehydrate(echo, types, history)).toThrow(/Echo emits Closed outside of a decision/);
  });
});

describe('rehydrate', () => {
  const opened = types.newEvent(Opened, { owner: { name: 'Ada' }, tags: ['a'] });
  const paid = (amount: string): NewEvent => types.newEvent(Paid, { amount: Decimal.of(amount) });

  it('comes to the state that the decision saw', () => {
    const { events, state } = stateAfter(
      (account) => account.open(['a']),
      (account) => account.pay('1.10'),
      (account) => account.note('n'),
      (account) => account.pay('2'),
      (account) => account.close(),
    );
    const replayed = rehydrate(definition, types, [commitOf(1, events)]);
    expect(replayed.version).toBe(5);
    expect(replayed.state).toEqual(state);
    expect(replayed.state).toBeInstanceOf(AccountState);
  });

  it('gives each event its own version, across commits and in them', () => {
    const { state } = rehydrate(definition, types, [commitOf(1, [opened, paid('1')]), commitOf(3, [paid('2')])]);
    expect((state as AccountState).seen.map(({ version }) => version)).toEqual([2, 3]);
  });

  it('brings older schemas up', () => {
    const { state } = rehydrate(definition, types, [commitOf(1, [{ type: 'account.paid', schema: 1, data: { amount: '7' } }])]);
    expect((state as AccountState).balance.toString()).toBe('7');
  });

  it('ends within a commit where it is told to', () => {
    const half = rehydrate(definition, types, [commitOf(1, [opened, paid('1'), paid('2')]), commitOf(4, [paid('4')])], undefined, { upTo: 2 });
    expect([half.version, (half.state as AccountState).balance.toString()]).toEqual([2, '1']);
  });

  it('goes on from a state, passing over what that holds already', () => {
    const start = { state: Object.assign(new AccountState(), { balance: Decimal.of(100) }), version: 2 };
    const { version, state } = rehydrate(definition, types, [commitOf(1, [opened, paid('1')]), commitOf(3, [paid('2')])], start);
    expect([version, (state as AccountState).balance.toString()]).toEqual([3, '102']);
  });

  it('rests no state on a gap', () => {
    expect(() => rehydrate(definition, types, [commitOf(1, [opened]), commitOf(3, [paid('2')])])).toThrow(
      expect.objectContaining({ code: 'event.invalid', details: { stream: 'account-1', after: 1, got: 3 } }),
    );
  });

  it.each([
    ['a newer schema', { type: 'account.paid', schema: 3, data: {} }],
    ['a newer schema of an event that it does not apply', { type: 'account.noted', schema: 2, data: {} }],
    ['a type that nobody here knows', { type: 'account.frozen', schema: 1, data: {} }],
  ])('leaves %s to a newer build', (_, event) => {
    expect(() => rehydrate(definition, types, [commitOf(1, [opened, event])])).toThrow(
      expect.objectContaining({ code: 'event.from-newer-build', details: expect.objectContaining({ event: 'account-1:2' }) as unknown }),
    );
  });

  it('refuses a known event that the aggregate does not list, naming it', () => {
    expect(() => rehydrate(definition, types, [commitOf(1, [opened, types.newEvent(Unlisted, {})])])).toThrow(
      expect.objectContaining({ code: 'event.invalid', details: expect.objectContaining({ event: 'account-1:2' }) as unknown }),
    );
  });
});
