import { describe, expect, it, vi } from 'vitest';
import { Decimal } from '../data/decimal.js';
import {
  Account,
  AccountState,
  at,
  Closed,
  commitOf,
  definition,
  Noted,
  stateAfter,
  types,
} from './account.fixture.js';
import { aggregateDefinitionOf } from './aggregate-definition.js';
import { AggregateRoot } from './aggregate-root.js';
import { Aggregate } from './aggregate.decorator.js';
import { Apply } from './apply.decorator.js';
import { decide } from './decide.js';
import { blank, rehydrate } from './rehydrate.js';

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
      expect.objectContaining({
        kind: 'domain-rejection',
        code: 'account.closed',
        message: 'It is closed.',
        details: { amount: '1' },
      }),
    );
  });

  it('refuses an event that the aggregate does not list', () => {
    expect(() => stateAfter((account) => account.forbidden())).toThrow(
      /Account emits Unlisted, which @Aggregate does not list: add it to events/,
    );
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
    // Fails where `decide` leaves the emitter on the aggregate: the event would be lost without a word.
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
