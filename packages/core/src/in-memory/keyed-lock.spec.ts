import { expect, it } from 'vitest';
import { KeyedLock } from './keyed-lock.js';

it('runs tasks of one key one after the other, in order, also after one that failed', async () => {
  const lock = new KeyedLock();
  const seen: string[] = [];
  const task = (name: string, fails = false) =>
    lock.run('k', async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
    });
  const results = await Promise.allSettled([task('a'), task('b', true), task('c')]);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('runs tasks of different keys beside each other', async () => {
  const lock = new KeyedLock();
  let release = (): void => {};
  const held = lock.run('a', () => new Promise<void>((resolve) => (release = resolve)));
  expect(await lock.run('b', async () => 'done')).toBe('done');
  release();
  await held;
});
