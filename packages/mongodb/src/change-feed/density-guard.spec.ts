import { describe, expect, it } from 'vitest';
import { DensityGuard } from './density-guard.js';

const commit = (stream: string, firstVersion: number, count = 1): Parameters<DensityGuard['check']>[0] => ({
  stream,
  firstVersion,
  events: Array.from({ length: count }, () => ({ type: 't', schema: 1, data: {} })),
});

describe('the density guard', () => {
  it('takes commits that follow each other, in each stream by itself', () => {
    const guard = new DensityGuard();
    for (const one of [commit('a-1', 5, 3), commit('b-1', 1), commit('a-1', 8), commit('b-1', 2, 2), commit('b-1', 4)])
      guard.check(one);
  });

  it('refuses a version behind a hole, and says which [F-6]', () => {
    const guard = new DensityGuard();
    guard.check(commit('a-1', 1, 2));
    expect(() => guard.check(commit('a-1', 4))).toThrow(
      expect.objectContaining({ code: 'feed.gap', stream: 'a-1', after: 2, got: 4 }),
    );
  });

  it('refuses a version that comes again', () => {
    const guard = new DensityGuard();
    guard.check(commit('a-1', 1, 2));
    expect(() => guard.check(commit('a-1', 2))).toThrow(expect.objectContaining({ code: 'feed.gap' }));
  });

  it('remembers the streams that moved last, and forgets those that did not', () => {
    const guard = new DensityGuard(8);
    guard.check(commit('old-1', 1));
    for (let version = 1; version <= 10; version += 1) {
      guard.check(commit('busy-1', version));
      guard.check(commit(`other-${version}`, 1));
    }
    expect(() => guard.check(commit('old-1', 9))).not.toThrow();
    expect(() => guard.check(commit('busy-1', 12))).toThrow();
  });
});
