import { describe, expect, it } from 'vitest';
import type { AppendRecord, FinalLog, History, ReadRecord, Rule } from './history.js';
import { judgeHistory } from './judge-history.js';

const S = 'order-1';

const append = (events: readonly string[], rest: Partial<AppendRecord> = {}): AppendRecord => ({
  stream: S,
  events,
  expected: 'any',
  status: 'ok',
  invoked: 0,
  completed: 100,
  ...rest,
});

const read = (length: number, rest: Partial<ReadRecord> = {}): ReadRecord => ({
  stream: S,
  status: 'ok',
  length,
  invoked: 0,
  completed: 100,
  ...rest,
});

const log = (...ids: readonly string[]): FinalLog => new Map([[S, ids.map((id, at) => ({ version: at + 1, id }))]]);

const rules = (history: Partial<History>, final: FinalLog): Rule[] => [
  ...new Set(judgeHistory({ appends: [], reads: [], ...history }, final).map(({ rule }) => rule)),
];

/** Two appends, one after the other, and reads before, between and after them. */
const right: History = {
  appends: [
    append(['a', 'b'], { expected: 0, version: 2, invoked: 10, completed: 20 }),
    append(['c'], { expected: 2, version: 3, invoked: 30, completed: 40 }),
    append(['d'], { expected: 2, status: 'fail', conflict: true, invoked: 31, completed: 50 }),
    append(['e'], { status: 'info', invoked: 32 }),
  ],
  reads: [
    read(0, { invoked: 1, completed: 15 }),
    read(2, { invoked: 12, completed: 35, events: ['a', 'b'] }),
    read(3, { invoked: 41, completed: 60 }),
  ],
};

describe('judgeHistory', () => {
  it('has nothing to say about a right history', () => {
    expect(judgeHistory(right, log('a', 'b', 'c'))).toEqual([]);
  });

  it('takes an unknown append that came late', () => {
    expect(judgeHistory(right, log('a', 'b', 'c', 'e'))).toEqual([]);
  });

  it('finds versions that are not 1 to n [T-3]', () => {
    const final: FinalLog = new Map([[S, [{ version: 2, id: 'a' }]]]);
    expect(rules({ appends: [append(['a'])] }, final)).toEqual(['versions-dense']);
  });

  it('finds an event that stands there twice', () => {
    expect(rules({ appends: [append(['a'])] }, log('a', 'a'))).toContain('ids-unique');
  });

  it('finds an event that nobody appended', () => {
    expect(rules({ appends: [append(['a'])] }, log('a', 'x'))).toEqual(['append-recorded']);
  });

  it('finds an acknowledged append that is lost, whole or in part [T-3]', () => {
    expect(rules({ appends: [append(['a'])] }, log())).toEqual(['ok-present']);
    expect(rules({ appends: [append(['a', 'b'])] }, log('a'))).toEqual(['ok-present']);
  });

  it('finds an acknowledged append that is torn or turned round', () => {
    const appends = [append(['a', 'b']), append(['c'])];
    expect(rules({ appends }, log('a', 'c', 'b'))).toEqual(['ok-present']);
    expect(rules({ appends }, log('b', 'a', 'c'))).toEqual(['ok-present']);
  });

  it('finds an append that stands elsewhere than where it was expected or acknowledged', () => {
    expect(rules({ appends: [append(['a']), append(['b'], { expected: 0 })] }, log('a', 'b'))).toEqual(['ok-present']);
    expect(rules({ appends: [append(['a']), append(['b'], { version: 1 })] }, log('a', 'b'))).toEqual(['ok-present']);
    expect(rules({ appends: [append(['a'], { expected: 'exists' })] }, log('a'))).toEqual(['ok-present']);
  });

  it('finds what a failed append left', () => {
    expect(rules({ appends: [append(['a'], { status: 'fail' })] }, log('a'))).toEqual(['fail-absent']);
  });

  it('finds a half of an unknown append', () => {
    expect(rules({ appends: [append(['a', 'b'], { status: 'info' })] }, log('a'))).toEqual(['info-whole']);
  });

  it('finds a read that is no prefix, is longer than the log, or ends inside an append', () => {
    const appends = [append(['a', 'b'])];
    expect(rules({ appends, reads: [read(2, { events: ['b', 'a'] })] }, log('a', 'b'))).toEqual(['read-prefix']);
    expect(rules({ appends, reads: [read(3)] }, log('a', 'b'))).toEqual(['read-prefix']);
    expect(rules({ appends, reads: [read(1)] }, log('a', 'b'))).toEqual(['read-prefix']);
  });

  it('finds a read that misses what was acknowledged before it began [T-3]', () => {
    const appends = [append(['a'], { invoked: 1, completed: 10 })];
    expect(rules({ appends, reads: [read(0, { invoked: 11, completed: 12 })] }, log('a'))).toEqual(['real-time']);
    expect(rules({ appends, reads: [read(0, { invoked: 9, completed: 12 })] }, log('a'))).toEqual([]);
  });

  it('finds a read that goes back behind an earlier one', () => {
    const appends = [append(['a'], { invoked: 1, status: 'info' })];
    const reads = [read(1, { invoked: 2, completed: 3 }), read(0, { invoked: 4, completed: 5 })];
    expect(rules({ appends, reads }, log('a'))).toEqual(['real-time']);
  });

  it('finds a read of what was not yet asked for', () => {
    const appends = [append(['a'], { invoked: 10, completed: 20 })];
    expect(rules({ appends, reads: [read(1, { invoked: 1, completed: 5 })] }, log('a'))).toEqual(['real-time']);
  });

  it('finds two appends in the wrong order of time [T-3]', () => {
    const appends = [append(['a'], { invoked: 1, completed: 2 }), append(['b'], { invoked: 3, completed: 4 })];
    expect(rules({ appends }, log('b', 'a'))).toEqual(['real-time']);
    expect(rules({ appends }, log('a', 'b'))).toEqual([]);
  });

  it('finds a conflict without a cause', () => {
    const first = append(['a'], { expected: 0, invoked: 1, completed: 2 });
    const refused = { status: 'fail', conflict: true, invoked: 3, completed: 4 } as const;
    const conflict = (expected: AppendRecord['expected']): Rule[] =>
      rules({ appends: [first, append(['x'], { ...refused, expected })] }, log('a'));
    expect(conflict(1)).toEqual(['conflict-unjustified']);
    expect(conflict('any')).toEqual(['conflict-unjustified']);
    expect(conflict('exists')).toEqual(['conflict-unjustified']);
    expect(conflict(0)).toEqual([]);
    expect(conflict(7)).toEqual([]);
    // Somebody was faster, within the call.
    const rival = append(['b'], { expected: 1, invoked: 3, completed: 5 });
    const slow = append(['x'], { ...refused, expected: 1, completed: 6 });
    expect(rules({ appends: [first, rival, slow] }, log('a', 'b'))).toEqual([]);
  });

  it('tells each violation in one line', () => {
    for (const { message } of judgeHistory({ appends: [append(['a'])], reads: [read(3)] }, log())) {
      expect(message).toMatch(/^order-1: .+\.$/);
      expect(message).not.toContain('\n');
    }
  });
});
