import { describe, expect, it } from 'vitest';
import { systemEnvironment } from '../environment/system.environment.js';
import { StreamTurns } from './stream-turns.js';

const later = (): number => systemEnvironment.now() + 5_000;

/** A piece of work of which the test says when it ends. */
function work(version?: number) {
  let known: number | undefined | 'not begun' = 'not begun';
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return {
    run: async (handed: number | undefined) => {
      known = handed;
      await ended;
      return { result: 'done', known: version };
    },
    end: () => end(),
    known: () => known,
  };
}

describe('StreamTurns', () => {
  it('lets one after the other work on a stream, and hands on where it ends', async () => {
    const turns = new StreamTurns(systemEnvironment, 10);
    const [first, second, third] = [work(4), work(), work()];
    const all = [first, second, third].map(({ run }) => turns.run('order-1', later(), run));
    await Promise.resolve();
    expect([first.known(), second.known()]).toEqual([undefined, 'not begun']);
    first.end();
    await all[0];
    await expect.poll(second.known).toBe(4);
    second.end();
    await all[1];
    await expect.poll(third.known).toBe(undefined);
    third.end();
    await expect(all[2]).resolves.toBe('done');
  });

  it('keeps streams apart', async () => {
    const turns = new StreamTurns(systemEnvironment, 10);
    const [one, other] = [work(), work()];
    const all = [turns.run('order-1', later(), one.run), turns.run('order-2', later(), other.run)];
    await Promise.resolve();
    expect([one.known(), other.known()]).toEqual([undefined, undefined]);
    one.end();
    other.end();
    await Promise.all(all);
  });

  it('gives the turn to the next one when the work fails', async () => {
    const turns = new StreamTurns(systemEnvironment, 10);
    const failing = turns.run('order-1', later(), () => Promise.reject(new Error('no')));
    const next = turns.run('order-1', later(), async (known) => ({ result: known }));
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBeUndefined();
  });

  it('ends the wait for a turn at the deadline as contention, and those behind get theirs', async () => {
    const turns = new StreamTurns(systemEnvironment, 10);
    const holding = work(7);
    const held = turns.run('order-1', later(), holding.run);
    const late = turns.run('order-1', systemEnvironment.now() + 20, work().run);
    const behind = turns.run('order-1', later(), async (known) => ({ result: known }));
    await expect(late).rejects.toMatchObject({ code: 'append.contention', stream: 'order-1' });
    holding.end();
    await held;
    await expect(behind).resolves.toBe(7);
  });

  it('refuses more than may wait [W-16]', async () => {
    const turns = new StreamTurns(systemEnvironment, 1);
    const holding = work();
    const held = turns.run('order-1', later(), holding.run);
    const waiting = turns.run('order-1', later(), async () => ({ result: 1 }));
    await expect(turns.run('order-1', later(), async () => ({ result: 2 }))).rejects.toMatchObject({
      code: 'store.overloaded',
    });
    holding.end();
    await Promise.all([held, waiting]);
  });
});
