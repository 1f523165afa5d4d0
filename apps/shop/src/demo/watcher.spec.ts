import { describe, expect, it, vi } from 'vitest';
import type { ShopClient } from './shop-client.js';
import { Watcher } from './watcher.js';

/** A shop that gives these answers in turn, the last one for ever. */
const shopWith = (...answers: readonly (readonly [number, object] | 'silence')[]): ShopClient => {
  let next = 0;
  const get = async () => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    if (answer === undefined || answer === 'silence') throw new Error('no answer');
    return { status: answer[0], body: answer[1], headers: new Headers() };
  };
  return { get } as unknown as ShopClient;
};

const faultsOf = async (client: ShopClient): Promise<readonly string[]> => {
  const watcher = new Watcher(client, ['1']);
  await vi.waitFor(() => expect(watcher.looks).toBeGreaterThan(5), 10_000);
  await watcher.stop();
  return watcher.faults;
};

describe('Watcher', () => {
  // Waiting for each answer before the next look makes one look of these 25.
  it('keeps to its schedule while answers take long, leaves out what would pile up, and its rate ends with it', async () => {
    const opened: (() => void)[] = [];
    const slow = { get: () => new Promise((resolve) => opened.push(() => resolve(answered))) } as unknown as ShopClient;
    const answered = { status: 200, body: { version: 1 }, headers: new Headers() };
    const watcher = new Watcher(slow, ['1']);
    await vi.waitFor(() => expect(watcher.leftOut).toBeGreaterThan(3), { timeout: 10_000 });
    expect(watcher.looks).toBe(25);
    for (const answer of opened) answer();
    await watcher.stop();
    const { rate } = watcher;
    await new Promise(setImmediate);
    expect([watcher.rate, watcher.faults]).toEqual([rate, []]);
  });

  it('finds nothing wrong with an order that only grows', async () => {
    expect(await faultsOf(shopWith([200, { version: 1 }], [200, { version: 1 }], [200, { version: 4 }]))).toEqual([]);
  });

  it('notes a missing answer, an error, a step back and two contents of one version', async () => {
    expect(await faultsOf(shopWith('silence', [200, { version: 1 }]))).toEqual([
      expect.stringContaining('not answered'),
    ]);
    expect(await faultsOf(shopWith([404, {}], [200, { version: 1 }]))).toEqual([expect.stringContaining('404')]);
    expect(await faultsOf(shopWith([200, { version: 2 }], [200, { version: 1 }], [200, { version: 3 }]))).toEqual([
      expect.stringContaining('went back'),
    ]);
    expect(
      await faultsOf(
        shopWith([200, { version: 2, items: [1] }], [200, { version: 2, items: [] }], [200, { version: 3 }]),
      ),
    ).toEqual([expect.stringContaining('two contents')]);
  });
});
