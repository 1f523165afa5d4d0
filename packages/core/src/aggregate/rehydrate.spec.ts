import { describe, expect, it } from 'vitest';
import { Decimal } from '../data/decimal.js';
import type { NewEvent } from '../event/event.js';
import {
  AccountState,
  commitOf,
  definition,
  Noted,
  Opened,
  Paid,
  stateAfter,
  types,
  Unlisted,
} from './account.fixture.js';
import { rehydrate } from './rehydrate.js';

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

  it('brings older schemas up [W-14]', () => {
    const { state } = rehydrate(definition, types, [
      commitOf(1, [{ type: 'account.paid', schema: 1, data: { amount: '7' } }]),
    ]);
    expect((state as AccountState).balance.toString()).toBe('7');
  });

  // Fails without `isReadable`: `null` made an event without fields, on which a command was decided; what a codec could not decode did as well.
  it.each([
    ['null', null],
    ['nothing', undefined],
    ['a text', 'x'],
    ['an array', []],
  ])('rests no state on an event whose payload is %s, whether an applier looks at it or not [W-22]', (_, data) => {
    for (const { type, schema } of [paid('1'), types.newEvent(Noted, { note: 'n' })]) {
      const damaged = { ...commitOf(1, []), events: [opened, { type, schema, data: data as unknown as object }] };
      expect(() => rehydrate(definition, types, [damaged])).toThrow(
        expect.objectContaining({ code: 'event.invalid', details: expect.objectContaining({ event: 'account-1:2' }) }),
      );
      expect(() => types.revive(damaged.events[1]!)).toThrow(expect.objectContaining({ code: 'event.invalid' }));
    }
  });

  it('rests no state on an event that its codec could not decode [W-22]', () => {
    const sealed = { ...paid('1'), data: {}, undecodable: 'the key is gone' };
    expect(() => rehydrate(definition, types, [{ ...commitOf(1, []), events: [opened, sealed] }])).toThrow(
      /account-1:2.*the key is gone/,
    );
  });

  it('ends within a commit where it is told to', () => {
    const half = rehydrate(
      definition,
      types,
      [commitOf(1, [opened, paid('1'), paid('2')]), commitOf(4, [paid('4')])],
      undefined,
      { upTo: 2 },
    );
    expect([half.version, (half.state as AccountState).balance.toString()]).toEqual([2, '1']);
  });

  it('goes on from a state, passing over what that holds already', () => {
    const start = { state: Object.assign(new AccountState(), { balance: Decimal.of(100) }), version: 2 };
    const { version, state } = rehydrate(
      definition,
      types,
      [commitOf(1, [opened, paid('1')]), commitOf(3, [paid('2')])],
      start,
    );
    expect([version, (state as AccountState).balance.toString()]).toEqual([3, '102']);
  });

  it('rests no state on a gap', () => {
    // Fails without the comparison of `firstVersion` with what was reached: the sum would lack an event.
    expect(() => rehydrate(definition, types, [commitOf(1, [opened]), commitOf(3, [paid('2')])])).toThrow(
      expect.objectContaining({ code: 'event.invalid', details: { stream: 'account-1', after: 1, got: 3 } }),
    );
  });

  it.each([
    ['a newer schema', { type: 'account.paid', schema: 3, data: {} }],
    ['a newer schema of an event that it does not apply', { type: 'account.noted', schema: 2, data: {} }],
    ['a type that nobody here knows', { type: 'account.frozen', schema: 1, data: {} }],
  ])('leaves %s to a newer build', (_, event) => {
    // Fails without the comparison of schemas, and of what `judge` says: a decision would rest on half the facts.
    expect(() => rehydrate(definition, types, [commitOf(1, [opened, event])])).toThrow(
      expect.objectContaining({
        code: 'event.from-newer-build',
        details: expect.objectContaining({ event: 'account-1:2' }) as unknown,
      }),
    );
  });

  it('refuses a known event that the aggregate does not list, naming it', () => {
    expect(() => rehydrate(definition, types, [commitOf(1, [opened, types.newEvent(Unlisted, {})])])).toThrow(
      expect.objectContaining({
        code: 'event.invalid',
        details: expect.objectContaining({ event: 'account-1:2' }) as unknown,
      }),
    );
  });
});
