import {
  InMemoryDatabase,
  silentLogger,
  systemEnvironment,
  type ChangeFeed,
  type FeedStart,
  type Generation,
  type GenerationRegistry,
  type Logger,
  type StoreConnection,
} from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { writes } from '../definition/writes.js';
import { altered } from '../fixtures/altered-store.fixture.js';
import { endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import { append, engine, fast, memory } from '../fixtures/store.fixture.js';
import {
  accountEvents,
  AccountMoved,
  AccountOpened,
  AccountProjection,
  AccountView,
  stories,
  tell,
} from './accounts.fixture.js';
import { hasty, sequential, stored } from './load.fixture.js';
import { insistOnModules } from './projection-module.js';

const settings = { ...fast, ...hasty, graceMs: 60_000 };

endEnginesAfterEach();

/** An engine for the accounts. */
function accountEngine(connection: StoreConnection, logger: Logger = silentLogger) {
  return started(connection, [AccountProjection], { settings, types: accountEvents, logger });
}

describe('an engine with a projection of one-stream documents', () => {
  it('loads it, catches up with what came meanwhile, and goes live, in several processes at once', async () => {
    const database = new InMemoryDatabase();
    const store = await memory(database, { horizonSeconds: 0 });
    await tell(store, stories(50));
    const engines = await Promise.all([
      accountEngine(store),
      accountEngine(await memory(database, { horizonSeconds: 0 })),
    ]);
    for (let index = 0; index < 40; index += 1) {
      const accountId = index % 2 === 0 ? `n${index}` : `a${index}`;
      const event =
        index % 2 === 0
          ? accountEvents.newEvent(AccountOpened, { accountId })
          : accountEvents.newEvent(AccountMoved, { accountId, by: 3 });
      await append(store, `account-${accountId}`, event);
    }
    await engines[0].settled({ timeoutMs: 8_000 });
    const live = (await store.generations.generations('accounts', 1)).find(({ state }) => state === 'live')!;
    expect(live.load).toMatchObject({ done: true });
    expect(await stored(store, live)).toEqual(await sequential(store));
  });

  it('rebuilds it beside the live one while events come [B-2]', { timeout: 20_000 }, async () => {
    const store = await memory(undefined, { horizonSeconds: 0 });
    await tell(store, stories(50));
    const one = await accountEngine(store);
    await one.settled({ timeoutMs: 8_000 });
    const { id } = await one.rebuild('accounts', 'ada');
    for (let index = 0; index < 60; index += 1)
      await append(
        store,
        `account-a${index % 50}`,
        accountEvents.newEvent(AccountMoved, { accountId: `a${index % 50}`, by: 1 }),
      );
    await expect.poll(async () => (await one.rebuildStatus(id))?.state, { timeout: 8_000 }).toBe('done');
    await one.settled({ timeoutMs: 8_000 });
    const live = (await store.generations.generation(id))!;
    expect(await stored(store, live)).toEqual(await sequential(store));
    expect(await one.readModel(AccountView).count()).toBe((await stored(store, live))['account_view']!.size);
  });

  // Without `watched` in PartitionRunner.feed each partition reads again what was appended since the load began.
  it('looks for late commits from where the load has', async () => {
    const store = await memory(undefined, { horizonSeconds: 0 });
    await tell(store, stories(50));
    const starts: FeedStart[] = [];
    const subscribe: ChangeFeed['subscribe'] = (start) => {
      starts.push(start);
      return store.feed.subscribe(start);
    };
    // Longer than the horizon, by the store's whole seconds: another round of history follows the load.
    const endLoad: GenerationRegistry['endLoad'] = async (id) => {
      await systemEnvironment.sleep(1_100);
      return store.generations.endLoad(id);
    };
    const feed = altered(store.feed, { subscribe });
    const one = await accountEngine({ ...store, feed, generations: altered(store.generations, { endLoad }) });
    await one.settled({ timeoutMs: 8_000 });
    const [{ load }] = (await store.generations.generations('accounts', 1)) as [Generation];
    expect(starts.filter((start) => 'at' in start && start.at === load!.began)).toHaveLength(1);
  });

  it('says that it loads on the main thread, and why', async () => {
    const told: string[] = [];
    const logger = { ...silentLogger, info: (message: string) => void told.push(message) };
    const store = await memory(undefined, { horizonSeconds: 0 });
    await tell(store, stories(3));
    await (await accountEngine(store, logger)).settled({ timeoutMs: 8_000 });
    const reasons = told.filter((message) => message.includes('main thread'));
    expect(reasons).toEqual([
      'A projection is loaded on the main thread: the store cannot be opened on another thread.',
    ]);
  });

  it('takes away what a cancelled load has stored [B-6]', async () => {
    const store = await memory(undefined, { horizonSeconds: 0 });
    await tell(store, stories(50));
    const one = await accountEngine(store);
    await one.settled({ timeoutMs: 8_000 });
    const { id } = await one.rebuild('accounts', 'ada');
    expect(await one.cancelRebuild(id)).toBe(true);
    await expect.poll(async () => (await one.rebuildStatus(id))?.state, { timeout: 8_000 }).toBe('cancelled');
    const cancelled = (await store.generations.generation(id))!;
    await expect
      .poll(async () => Object.values(await stored(store, cancelled)).every(({ size }) => size === 0), {
        timeout: 8_000,
      })
      .toBe(true);
  });

  it('insists that the module exports the class', async () => {
    const view = writes(AccountView);
    @Projection('lost', { version: 1, readModels: [AccountView], slicing: 'stream', module: import.meta.url })
    class Lost {
      @On(AccountOpened) opened({ accountId }: AccountOpened) {
        return view.insert(accountId, { total: 0, moves: 0, digest: 0 });
      }
    }
    const one = engine(await memory(), [Lost], { types: accountEvents });
    await expect(one.start()).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining('@Projection of Lost names the module'),
    });
    const definition = { ...projectionDefinitionOf(Lost), module: 'file:///nowhere/at-all.js' };
    await expect(insistOnModules([definition])).rejects.toThrow(/cannot be imported/);
    await expect(insistOnModules([projectionDefinitionOf(AccountProjection)])).resolves.toBeUndefined();
  });
});
