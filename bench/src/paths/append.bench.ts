import { randomUUID } from 'node:crypto';
import { loadedVersion, type StoreConnection } from '@nestfold/core';
import type { Collection, Db } from 'mongodb';
import { commitDocument } from '../domain/commit-documents.js';
import type { BenchContext } from '../harness/context.js';
import { compare, type BenchResult } from '../harness/result.js';
import { alternate, closedLoop } from '../harness/rounds.js';
import { median, percentile } from '../harness/statistics.js';

const durable = { writeConcern: { w: 'majority', j: true } } as const;
const payload = { counterId: 'c0ffee', by: 1, note: 'x'.repeat(200) };

/** Appends of one event each to fresh streams, beside `insertOne` of the same document and beside `insertMany`. */
export async function appendBench({ store, raw, storeDatabase, quick }: BenchContext): Promise<BenchResult[]> {
  const milliseconds = quick ? 400 : 3000;
  const rounds = quick ? 2 : 3;
  const twin = raw.collection('commits');
  await twin.createIndex({ ts: 1 });
  const results: BenchResult[] = [];

  for (const callers of [1, 8, 64, 512]) {
    const measured = await alternate(
      `append.${callers}`,
      rounds,
      () => closedLoop(callers, milliseconds, () => appendOne(store)),
      () => closedLoop(callers, milliseconds, () => insertOne(twin)),
    );
    const rate = (side: 'ours' | 'twin'): number => median(measured[side].map(({ perSecond }) => perSecond));
    results.push(compare(`append.${callers}`, rate('ours'), rate('twin'), '/s'));
    if (callers === 1) {
      const p50 = (side: 'ours' | 'twin'): number =>
        percentile(
          measured[side].flatMap(({ latencies }) => latencies),
          0.5,
        );
      results.push(compare('append.1.p50', p50('ours'), p50('twin'), 'ms'));
    }
  }

  // Two commands in flight: the callers of the one group are answered while the other is on its way. So of 64 callers no group is larger than 32, and what
  // groups of 500 gain over that is not ours to have: `append.64.insertMany32` compares groups of one size.
  for (const [callers, size] of [
    [64, 500],
    [64, 32],
    [512, 500],
  ] as const) {
    const key = `append.${callers}.insertMany${size === 500 ? '' : size}`;
    const grouped = await alternate(
      key,
      rounds,
      async () => (await closedLoop(callers, milliseconds, () => appendOne(store))).perSecond,
      async () => (await closedLoop(2, milliseconds, () => insertMany(twin, size))).perSecond * size,
    );
    results.push(compare(key, median(grouped.ours), median(grouped.twin), '/s'));
  }
  results.push(compare('append.commands', await commandsAnAppend(storeDatabase, store, 1), 1, 'commands'));
  results.push(compare('append.commands.grouped', await commandsAnAppend(storeDatabase, store, 64), 1, 'commands'));
  return results;
}

/** One event to a fresh stream. */
export function appendOne(store: StoreConnection): Promise<unknown> {
  return store.events.append([
    {
      stream: `counter-${randomUUID()}`,
      expected: loadedVersion(0),
      events: [{ type: 'bench.added', schema: 1, data: payload }],
      commitId: randomUUID(),
      metadata: { correlationId: 'bench', causationId: 'bench' },
    },
  ]);
}

function insertOne(collection: Collection): Promise<unknown> {
  return collection.insertOne(freshDocument(), durable);
}

function insertMany(collection: Collection, size: number): Promise<unknown> {
  return collection.insertMany(Array.from({ length: size }, freshDocument), { ...durable, ordered: false });
}

function freshDocument(): object {
  return commitDocument(`counter-${randomUUID()}`, 1, 'bench.added', payload);
}

/** Counted by the server, so that nothing the client does is overlooked. */
async function commandsAnAppend(database: Db, store: StoreConnection, callers: number): Promise<number> {
  const before = await dataCommands(database);
  const { latencies } = await closedLoop(callers, 300, () => appendOne(store));
  return ((await dataCommands(database)) - before) / latencies.length;
}

async function dataCommands(database: Db): Promise<number> {
  const status = (await database.admin().serverStatus()) as {
    metrics: { commands: Record<string, { total: number }> };
  };
  const counted = ['insert', 'find', 'update', 'delete', 'findAndModify', 'aggregate', 'commitTransaction', 'count'];
  return counted.reduce((sum, name) => sum + Number(status.metrics.commands[name]?.total ?? 0), 0);
}
