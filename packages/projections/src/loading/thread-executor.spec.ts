import type { Generation, StoreConnection } from '@nestfold/core';
import { Stopwatch } from '@nestfold/dev-stack';
import { describe, expect, it, onTestFinished } from 'vitest';
import { memory } from '../fixtures/store.fixture.js';
import { begun, processOf } from './load.fixture.js';
import { rangeKey } from './load-place.js';
import { FallbackExecutor } from './fallback-executor.js';
import { ThreadExecutor } from './thread-executor.js';

const never = new AbortController().signal;

/** A thread that does as its code says; the real one cannot run from sources (`test/src/load`). */
function thread(code: string): URL {
  const source = `import { parentPort, workerData } from 'node:worker_threads'; const say = (report) => parentPort.postMessage(report); ${code}`;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

async function executor(
  code: string,
): Promise<{ executor: ThreadExecutor; store: StoreConnection; generation: Generation; batches: number[] }> {
  const store = await memory();
  const generation = await begun(store);
  const batches: number[] = [];
  const orders = {
    connection: { module: '', export: '', options: {} },
    module: '',
    projection: 'accounts',
    version: 1,
    generation,
    owner: 'slot',
    settings: processOf(store).settings,
  };
  const hooks = { onBatch: (range: number) => void batches.push(range), onRetry: () => undefined };
  const one = new ThreadExecutor(processOf(store), orders, hooks, thread(code));
  onTestFinished(() => one.close());
  return { executor: one, store, generation, batches };
}

describe('ThreadExecutor', () => {
  it('hands ranges to a thread, one after the other, and hears of its batches', async () => {
    const { executor: one, batches } = await executor(`
      parentPort.on('message', (word) => {
        if (word.kind === 'close') parentPort.close();
        if (word.kind !== 'load') return;
        say({ kind: 'batch', range: word.range, commits: 3, events: 5 });
        say({ kind: 'outcome', outcome: word.range === 1 ? 'elsewhere' : 'done' });
      });`);
    expect([await one.load(0, never), await one.load(1, never), await one.load(2, never)]).toEqual([
      'done',
      'elsewhere',
      'done',
    ]);
    expect(batches).toEqual([0, 1, 2]);
  });

  it('throws what a thread throws, with its code and the event that it names', async () => {
    const { executor: one } = await executor(`
      parentPort.on('message', (word) => {
        if (word.kind === 'close') parentPort.close();
        if (word.kind === 'load')
          say({ kind: 'failed', error: { code: 'event.from-newer-build', retry: 'later', message: 'newer', details: { event: 'a-1:2' } } });
      });`);
    await expect(one.load(0, never)).rejects.toMatchObject({
      code: 'event.from-newer-build',
      retry: 'later',
      isNestfoldError: true,
      details: { event: 'a-1:2' },
    });
  });

  it.each([
    ['ends', 'process.exit(3)'],
    ['throws', "throw new Error('out of its mind')"],
    ['rejects', "Promise.reject(new Error('unheard'))"],
  ])('frees the lease of a thread that %s, says why, and begins another with the next range', async (_how, end) => {
    const {
      executor: one,
      store,
      generation,
    } = await executor(`
      parentPort.on('message', (word) => {
        if (word.kind === 'close') parentPort.close();
        if (word.kind !== 'load') return;
        if (word.range === 7) setTimeout(() => { ${end}; }, 20);
        else say({ kind: 'outcome', outcome: 'done' });
      });`);
    const key = rangeKey(generation, 7);
    await store.leases.acquire(key, { owner: 'slot', ttlMs: 60_000 });
    await expect(one.load(7, never)).rejects.toMatchObject({ code: 'load.thread-failed', details: { range: 7 } });
    expect(await store.leases.find(key)).toBeUndefined();
    expect(await one.load(0, never)).toBe('done');
  });

  it("leaves another owner's lease alone when a thread dies", async () => {
    const { executor: one, store, generation } = await executor(`parentPort.on('message', () => process.exit(1));`);
    const key = rangeKey(generation, 0);
    await store.leases.acquire(key, { owner: 'somebody', ttlMs: 60_000 });
    await expect(one.load(0, never)).rejects.toMatchObject({ code: 'load.thread-failed' });
    expect(await store.leases.find(key)).toMatchObject({ owner: 'somebody' });
  });

  it('tells a thread to stop, and to be slower', async () => {
    const { executor: one } = await executor(`
      let pace;
      parentPort.on('message', (word) => {
        if (word.kind === 'close') parentPort.close();
        if (word.kind === 'pace') pace = word.pace.throttle;
        if (word.kind === 'stop') say({ kind: 'outcome', outcome: pace === 7 ? 'stopped' : 'over' });
      });`);
    one.pace({ paused: false, throttle: 7 });
    const stop = new AbortController();
    const load = one.load(0, stop.signal);
    stop.abort();
    expect(await load).toBe('stopped');
  });

  it('ends a thread that does not end by itself', async () => {
    const { executor: one } = await executor(`
      parentPort.on('message', (word) => { if (word.kind === 'load') say({ kind: 'outcome', outcome: 'done' }); });`);
    expect(await one.load(0, never)).toBe('done');
    const watch = Stopwatch.start();
    await one.close();
    expect(watch.stop()).toBeLessThan(3_000);
  });

  it('gives way to the main thread where a thread is unfit, once and for all', async () => {
    const { executor: one } = await executor(`
      parentPort.on('message', (word) => { if (word.kind === 'close') parentPort.close(); });
      say({ kind: 'unfit', error: { code: 'x', retry: 'never', message: 'no module', details: {} } });`);
    const told: unknown[] = [];
    const main = {
      load: () => Promise.resolve('done' as const),
      pace: () => undefined,
      close: () => Promise.resolve(),
    };
    const fallback = new FallbackExecutor(
      one,
      () => main,
      (error) => void told.push(error),
    );
    expect([await fallback.load(0, never), await fallback.load(1, never)]).toEqual(['done', 'done']);
    expect(told).toEqual([expect.objectContaining({ code: 'load.thread-unfit' })]);
  });
});
