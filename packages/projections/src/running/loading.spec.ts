import { silentLogger, StoreUnavailable } from '@nestfold/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lateOnce } from '../fixtures/altered-store.fixture.js';
import { append } from '../fixtures/store.fixture.js';
import { accountEvents, AccountMoved } from '../loading/accounts.fixture.js';
import { accounts, begun, filled, processOf } from '../loading/load.fixture.js';
import { GenerationView } from './generation-view.js';
import { Loading } from './loading.js';
import type { PartitionHost } from './partition-runner.js';

const unheard: unknown[] = [];
const note = (reason: unknown): void => void unheard.push(reason);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(() => void process.off('unhandledRejection', note));

describe('a load', () => {
  // Begun again and again without a pause, it let no timer fire any more in memory, and on a database it asked thousands of times a second.
  it('ends where the end of its build was asked for, though nobody has told of that', async () => {
    const store = await filled(40);
    const generation = await begun(store);
    await store.generations.requestCancel(generation.id);
    const stopping = new AbortController();
    let asked = 0;
    const fresh = (): ReturnType<PartitionHost['fresh']> => {
      asked += 1;
      if (asked === 20) stopping.abort();
      return store.generations.generation(generation.id);
    };
    const host = { definition: accounts, fresh } as unknown as PartitionHost;
    const context = processOf(store);
    const view = new GenerationView(context, 2);
    new Loading(context, host, view).start(generation, stopping.signal);
    await expect.poll(() => view.loading.state).toBe('waiting');
    expect(asked).toBe(1);
  });
});

describe('a load that is to be begun again', () => {
  // Thrown out of the loop, the error was nobody's: the process ended with an unhandled rejection.
  it('is tried again where the store does not answer to that', async () => {
    const store = await filled(40);
    const generation = await begun(store);
    let armed = false;
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
    const late = { ...store, feed: lateOnce(store.feed, () => armed) };
    const context = processOf(late, { leasePollMs: 10 }, logger);
    const host = {
      definition: accounts,
      fresh: () => store.generations.generation(generation.id),
      beginAgain: () => Promise.reject(new StoreUnavailable('No answer.')),
    } as unknown as PartitionHost;
    const stopping = new AbortController();
    const loading = new Loading(context, host, new GenerationView(context, 2));
    armed = true;
    loading.start(generation, stopping.signal);
    await append(store, 'account-x', accountEvents.newEvent(AccountMoved, { accountId: 'x', by: 1 }));
    await expect
      .poll(() => warnings, { timeout: 5_000 })
      .toContain('The load of a generation was interrupted and goes on.');
    expect(unheard).toEqual([]);
    stopping.abort();
    await loading.stop();
  });
});
