import { storeTime, type LiveCommit } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { LiveBuffer, type BufferLimits } from './live-buffer.js';

const time = (step: number): string => storeTime(1, step);

/** A commit whose token and time are a number. */
function live(step: number, visible = step): LiveCommit {
  return {
    commit: { id: String(step) },
    visibleAt: time(visible),
    position: { token: String(step).padStart(4, '0'), time: time(visible) },
  } as LiveCommit;
}

function bufferOf(limits: Partial<BufferLimits>, ...commits: readonly LiveCommit[]): LiveBuffer {
  const buffer = new LiveBuffer({ commits: 100, bytes: 1_000_000, ...limits }, { token: '0000', time: time(0) });
  for (const commit of commits) buffer.push({ live: commit, bytes: 10 });
  return buffer;
}

const idsOf = (commits: readonly LiveCommit[] | undefined): string[] | undefined =>
  commits?.map(({ commit }) => commit.id);

describe('the buffer of the shared stream', () => {
  it('gives what was kept, in order, at most so much', () => {
    const buffer = bufferOf({}, live(1), live(2), live(3));
    expect(idsOf(buffer.take(0, 2))).toEqual(['1', '2']);
    expect(idsOf(buffer.take(2, 2))).toEqual(['3']);
    expect(buffer.take(3, 2)).toEqual([]);
    expect(buffer.end).toBe(3);
  });

  it('overwrites the oldest when there are too many, and says so to who needs them [F-8]', () => {
    const buffer = bufferOf({ commits: 3 }, live(1), live(2), live(3), live(4), live(5));
    expect(buffer.take(1, 5)).toBeUndefined();
    expect(idsOf(buffer.take(2, 5))).toEqual(['3', '4', '5']);
  });

  it('overwrites the oldest when they are too large, and keeps the newest however large it is [F-8]', () => {
    const buffer = bufferOf({ bytes: 25 }, live(1), live(2), live(3));
    expect(buffer.take(0, 5)).toBeUndefined();
    expect(idsOf(buffer.take(1, 5))).toEqual(['2', '3']);
    buffer.push({ live: live(4), bytes: 1_000 });
    expect(idsOf(buffer.take(3, 5))).toEqual(['4']);
    expect(buffer.take(2, 5)).toBeUndefined();
  });

  it('finds the place behind a token, as far back as it reaches', () => {
    const buffer = bufferOf({ commits: 3 }, live(1), live(2), live(4), live(5));
    expect(buffer.numberAfter('0001')).toBe(1);
    expect(buffer.numberAfter('0002')).toBe(2);
    expect(buffer.numberAfter('0003')).toBe(2);
    expect(buffer.numberAfter('0005')).toBe(4);
    expect(buffer.numberAfter('0009')).toBe(4);
    expect(buffer.numberAfter('0000')).toBeUndefined();
  });

  it('finds the place behind a time, also where commits of one transaction share theirs', () => {
    const buffer = bufferOf({ commits: 3 }, live(1, 1), live(2, 2), live(3, 2), live(4, 3));
    expect(buffer.numberLater(time(1))).toBe(1);
    expect(buffer.numberLater(time(2))).toBe(3);
    expect(buffer.numberLater(time(0))).toBeUndefined();
    buffer.push({ live: live(5, 4), bytes: 10 });
    expect(buffer.numberLater(time(1))).toBeUndefined();
    expect(buffer.numberLater(time(2))).toBe(3);
  });

  it('tells how near a reader is to being overwritten, by number and by size', () => {
    const buffer = bufferOf({ commits: 4 }, live(1), live(2));
    expect(buffer.backlog(2)).toBe(0);
    expect(buffer.backlog(0)).toBe(0.5);
    expect(bufferOf({ bytes: 40 }, live(1), live(2), live(3)).backlog(0)).toBe(0.75);
  });
});
