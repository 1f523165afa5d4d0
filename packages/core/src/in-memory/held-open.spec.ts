import { describe, expect, it } from 'vitest';
import { systemEnvironment } from '../environment/system.environment.js';
import type { Commit } from '../event/event.js';
import { silentLogger } from '../logging/logger.port.js';
import type { StoreConnection } from '../store/store-adapter.port.js';
import { InMemoryDatabase } from './in-memory-database.js';
import { inMemory } from './in-memory.adapter.js';

const store = async (): Promise<{ database: InMemoryDatabase; connection: StoreConnection }> => {
  const database = new InMemoryDatabase();
  const connection = await inMemory({ database }).connect({ environment: systemEnvironment, logger: silentLogger });
  return { database, connection };
};

const append = ({ events }: StoreConnection, stream: string) =>
  events.append([
    {
      stream,
      expected: 'any',
      events: [{ type: 'noted', schema: 1, data: {} }],
      commitId: systemEnvironment.uuid(),
      metadata: { correlationId: '', causationId: '' },
    },
  ]);

/** An append that stays open until `end` is called. */
function holdOpen(database: InMemoryDatabase, held: string): { end: (error?: Error) => void } {
  let end: (error?: Error) => void = () => undefined;
  const open = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve());
  });
  database.holdOpen = ([stream]) => (stream === held ? open : undefined);
  return { end };
}

describe('an append that is held open', () => {
  it('has the time at which it began, and is visible when it ends: in history as of then, and live in that order', async () => {
    const { database, connection } = await store();
    const { end } = holdOpen(database, 'a-1');
    const start = await connection.feed.now();
    const late = append(connection, 'a-1');
    await append(connection, 'b-1');
    const before = await connection.feed.now();
    expect((await connection.events.read('a-1')).commits).toEqual([]);
    end();
    await late;
    const after = await connection.feed.now();
    const streams = async (asOf: string): Promise<string[]> => {
      const commits: Commit[] = [];
      for await (const some of connection.feed.history({ before: after, asOf })) commits.push(...some);
      return commits.map(({ stream }) => stream);
    };
    expect(await streams(before)).toEqual(['b-1']);
    expect(await streams(after)).toEqual(['a-1', 'b-1']);
    const { commits } = await connection.feed.subscribe({ at: start }).next({ max: 10, waitMs: 0 });
    expect(commits.map(({ commit }) => commit.stream)).toEqual(['b-1', 'a-1']);
    const [, live] = commits;
    expect(live?.commit.time).toBeDefined();
    expect(live!.visibleAt > before && live!.commit.time < before).toBe(true);
  });

  it('keeps other appends to its stream waiting, and leaves nothing when it is aborted', async () => {
    const { database, connection } = await store();
    const { end } = holdOpen(database, 'a-1');
    const first = append(connection, 'a-1');
    first.catch(() => undefined);
    await append(connection, 'b-1');
    database.holdOpen = undefined;
    const second = append(connection, 'a-1');
    end(new Error('aborted'));
    await expect(first).rejects.toThrow('aborted');
    expect((await second)[0]).toMatchObject({ firstVersion: 1, version: 1 });
  });
});
