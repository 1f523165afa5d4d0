import { beforeEach, describe, expect, it } from 'vitest';
import { Decimal } from '../data/decimal.js';
import { systemEnvironment } from '../environment/system.environment.js';
import { silentLogger } from '../logging/logger.port.js';
import type { ReadModelWriter } from '../read-model/read-model.port.js';
import type { StoreConnection } from '../store/store-adapter.port.js';
import { inMemory } from './in-memory.adapter.js';
import { InMemoryDatabase } from './in-memory-database.js';

// What every store does stands in the contract suites of @nestfold/testing; here is what only this one does.
const options = { environment: systemEnvironment, logger: silentLogger };
const metadata = { correlationId: 'c', causationId: 'c' };
const opened = (stream: string) =>
  ({ stream, expected: 'any', events: [{ type: 't', schema: 1, data: {} }], commitId: stream, metadata }) as const;

describe('inMemory', () => {
  let store: StoreConnection;

  beforeEach(async () => {
    store = await inMemory().connect(options);
  });

  async function write(work: (models: ReadModelWriter) => Promise<void>): Promise<void> {
    const claimed = await store.checkpoints.claim('p', 1);
    const writer = await store.checkpoints.openWriter('p');
    await writer.write(
      {
        key: 'p',
        token: 1,
        previous: claimed?.batch ?? '',
        id: crypto.randomUUID(),
        position: { phase: 'live', began: '', horizon: '' },
      },
      work,
    );
  }

  it('shows one store to all connections of one adapter, and another to another adapter', async () => {
    const adapter = inMemory();
    const [one, other] = [await adapter.connect(options), await adapter.connect(options)];
    await one.events.append([opened('a-1')]);
    expect(await other.events.head('a-1')).toBeDefined();
    expect(await store.events.head('a-1')).toBeUndefined();
  });

  it('shows one store to the adapters that share a database', async () => {
    const database = new InMemoryDatabase();
    const [one, other] = [await inMemory({ database }).connect(options), await inMemory({ database }).connect(options)];
    await one.events.append([opened('a-1')]);
    expect(await other.events.head('a-1')).toBeDefined();
    expect(await other.events.epoch()).toBe(await one.events.epoch());
  });

  it('judges time by the environment that it is connected with', async () => {
    let now = Date.UTC(2030, 0, 1);
    const timed = await inMemory().connect({ ...options, environment: { ...systemEnvironment, now: () => now } });
    await timed.leases.acquire('k', { owner: 'ada', ttlMs: 1000 });
    expect(await timed.leases.acquire('k', { owner: 'eve', ttlMs: 1000 })).toBeUndefined();
    now += 1000;
    expect(await timed.leases.acquire('k', { owner: 'eve', ttlMs: 1000 })).toMatchObject({
      until: new Date(now + 1000),
    });
  });

  it('tells the time of what was last visible while its clock stands still or goes back, and a later one for what comes then', async () => {
    let now = 5_000;
    const timed = await inMemory().connect({ ...options, environment: { ...systemEnvironment, now: () => now } });
    const times = [await timed.feed.now()];
    for (const stream of ['a-1', 'a-2', 'a-3']) {
      const [receipt] = await timed.events.append([opened(stream)]);
      expect(await timed.feed.now()).toBe(receipt?.time);
      times.push((await timed.events.head(stream))!.time, receipt!.time);
      now -= 3_000;
    }
    expect(times).toEqual([...new Set(times)].toSorted());
  });

  // Without the failure that the writer remembers, the insert of `b` would be stored, which no database does.
  it('stores nothing of a batch whose work swallows a refusal', async () => {
    await write((models) => models.apply('c', [{ kind: 'insert', id: 'a', document: { _id: 'a' } }]));
    const swallowing = write(async (models) => {
      await models.apply('c', [{ kind: 'insert', id: 'a', document: { _id: 'a' } }]).catch(() => undefined);
      await models.apply('c', [{ kind: 'insert', id: 'b', document: { _id: 'b' } }]);
    });
    await expect(swallowing).rejects.toMatchObject({ code: 'read-model.document-exists' });
    expect(await store.readModels.count('c', {})).toBe(1);
  });

  it('sorts values of different kinds as a database does, and arrays by their ends', async () => {
    const values = [[3, 9], new Date(0), true, { a: 1 }, '\u{1F600}', '\uFFFD', 'a', Decimal.of('2.5'), 2, null];
    await write((models) =>
      models.apply(
        'c',
        values.map((v, index) => ({ kind: 'insert', id: String(index), document: { _id: String(index), v } })),
      ),
    );
    const upwards = (await store.readModels.find('c', { sort: { v: 1 } })).map((document) => document['v']);
    expect(upwards).toEqual([
      null,
      2,
      Decimal.of('2.5'),
      [3, 9],
      'a',
      '\uFFFD',
      '\u{1F600}',
      { a: 1 },
      true,
      new Date(0),
    ]);
    const downwards = (await store.readModels.find('c', { sort: { v: -1 } })).map((document) => document['v']);
    expect(downwards.slice(6, 8)).toEqual([[3, 9], Decimal.of('2.5')]);
  });

  it('refuses a unique index over documents that share a value', async () => {
    await write((models) =>
      models.apply('c', [
        { kind: 'insert', id: 'a', document: { _id: 'a' } },
        { kind: 'insert', id: 'b', document: { _id: 'b' } },
      ]),
    );
    await expect(
      store.readModels.buildIndexes('c', [{ name: 'n', keys: { email: 1 }, unique: true }]),
    ).rejects.toMatchObject({
      code: 'read-model.change-refused',
    });
  });

  it('answers no ping and no subscription after it is closed', async () => {
    const feed = store.feed.subscribe({ at: await store.feed.now() });
    await store.ping();
    await store.close();
    await expect(store.ping()).rejects.toMatchObject({ code: 'store.unavailable' });
    await expect(feed.next({ max: 1, waitMs: 60_000 })).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
