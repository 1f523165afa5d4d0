import { describe, expect, it } from 'vitest';
import { inParallel } from './in-parallel.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('inParallel', () => {
  it('does each item once, never more at a time than it may, and as many as it may', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await inParallel(upTo(20), 4, async (item) => {
      most = Math.max(most, (running += 1));
      await turn();
      running -= 1;
      done.push(item);
    });
    expect(most).toBe(4);
    expect(done.sort((left, right) => left - right)).toEqual(upTo(20));
  });

  it('begins nothing more after a failure, and throws it once the others have ended', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = inParallel(upTo(20), 2, async (item) => {
      begun.push(item);
      if (item === 0) throw new Error('no');
      await turn();
      ended.push(item);
    });
    await expect(work).rejects.toThrow('no');
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([1]);
  });

  it('begins nothing more once it is aborted', async () => {
    const stop = new AbortController();
    const begun: number[] = [];
    await inParallel(
      upTo(20),
      1,
      async (item) => {
        begun.push(item);
        if (item === 3) stop.abort();
      },
      stop.signal,
    );
    expect(begun).toEqual([0, 1, 2, 3]);
  });
});
