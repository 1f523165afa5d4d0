import { describe, expect, it } from 'vitest';
import type { Position } from './checkpoint.js';
import { furthest, hasReached } from './position.js';

const at = (token: string): Position => ({ phase: 'live', began: '5', horizon: '1', feed: { token, time: token } });
const history: Position = { phase: 'history', began: '5', horizon: '4', after: '3' };
const beginning: Position = { phase: 'live', began: '5', horizon: '4' };

describe('positions', () => {
  it('of one feed are compared by what they have', () => {
    expect([hasReached(at('7'), at('7')), hasReached(at('6'), at('7')), hasReached(at('8'), at('7'))]).toEqual([
      true,
      false,
      true,
    ]);
    expect([hasReached(history, at('1')), hasReached(at('1'), history), hasReached(history, history)]).toEqual([
      false,
      true,
      false,
    ]);
    // By its horizon alone one at 4 had it: what is older, and became visible between 4 and 5, it had not.
    expect([hasReached(at('5'), beginning), hasReached(at('4'), beginning), hasReached(beginning, beginning)]).toEqual([
      true,
      false,
      false,
    ]);
    // Some of what became visible at 5 it had not.
    const inside: Position = { ...beginning, feed: { token: '5', time: '5', isInside: true } };
    expect([hasReached(inside, beginning), hasReached(inside, inside)]).toEqual([false, true]);
    expect(hasReached(undefined, history)).toBe(false);
  });

  it('have had at once what was visible at a time, once all of that is taken', () => {
    const recent = (more: object): Position => ({ phase: 'live', began: '5', horizon: '1', asOf: '7', ...more });
    const feed = (token: string) => ({ feed: { token, time: token } });
    for (const own of [recent({}), recent(feed('6'))]) {
      expect([hasReached(own, at('7')), hasReached(own, at('8')), hasReached(own, beginning)]).toEqual([
        true,
        false,
        true,
      ]);
      expect([hasReached(own, recent({})), hasReached(own, recent({ asOf: '8' }))]).toEqual([true, false]);
    }
    expect([hasReached(at('7'), recent({})), hasReached(at('8'), recent(feed('6')))]).toEqual([false, true]);
    const halfway = recent({ after: '3' });
    expect([hasReached(halfway, at('2')), hasReached(halfway, history), hasReached(at('7'), halfway)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('of one topic are compared partition by partition, those of other partitions not at all', () => {
    const place = (next: Record<string, number>): Position => ({ phase: 'topic', next, token: 1 });
    const all = furthest([place({ 0: 5 }), place({ 1: 7 }), place({ 0: 6 })])!;
    expect(all).toEqual(place({ 0: 6, 1: 7 }));
    expect([
      hasReached(place({ 0: 6 }), all),
      hasReached(place({ 0: 5 }), all),
      hasReached(place({ 1: 7 }), all),
      hasReached(place({ 2: 0 }), all),
    ]).toEqual([true, false, true, true]);
    // One of a topic and one of the store never compare.
    expect([hasReached(all, at('1')), hasReached(at('9'), all), hasReached(all, history)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('have one that has all that the others have', () => {
    expect(furthest([at('6'), at('8'), history, at('7'), beginning])).toEqual(at('8'));
    expect(furthest([history, beginning])).toEqual(beginning);
    expect(furthest([])).toBeUndefined();
  });
});
