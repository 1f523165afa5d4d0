import { AggregateRepository, streamName, systemEnvironment } from '@nestfold/core';
import type { Collection, Db } from 'mongodb';
import { commitDocument } from '../domain/commit-documents.js';
import { Counter, CounterState, types } from '../domain/counter.js';
import type { BenchContext } from '../harness/context.js';
import { compare, type BenchResult } from '../harness/result.js';
import { alternate } from '../harness/rounds.js';
import { median } from '../harness/statistics.js';

/** Rebuilding an aggregate from n commits, beside `find`, `toArray` and the same fold. */
export async function loadBench({ store, storeDatabase, quick }: BenchContext): Promise<BenchResult[]> {
  const repository = new AggregateRepository(Counter, {
    events: store.events,
    snapshots: store.snapshots,
    types,
    environment: systemEnvironment,
  });
  const results: BenchResult[] = [];
  for (const [events, loads] of [
    [10, 200],
    [1000, 30],
    [10_000, quick ? 3 : 6],
  ] as const) {
    const id = `load${events}`;
    await fill(storeDatabase, id, events);
    const commits = storeDatabase.collection('commits');
    const measured = await alternate(
      `load.${events}`,
      quick ? 3 : 9,
      () => timed(loads, async () => (await repository.load(id))?.state),
      () => timed(loads, () => rawLoad(commits, streamName('counter', id))),
    );
    results.push(compare(`load.${events}`, median(measured.ours), median(measured.twin), 'ms'));
  }
  return results;
}

async function timed(times: number, load: () => Promise<CounterState | undefined>): Promise<number> {
  const started = performance.now();
  for (let index = 0; index < times; index += 1) {
    const state = await load();
    if (!state || state.changes === 0) throw new Error('A load answered no state.');
  }
  return (performance.now() - started) / times;
}

async function fill(database: Db, id: string, events: number): Promise<void> {
  const stream = streamName('counter', id);
  const documents = Array.from({ length: events }, (_, index) =>
    index === 0
      ? commitDocument(stream, 1, 'bench.opened', { counterId: id, label: 'bench' })
      : commitDocument(stream, index + 1, 'bench.added', { counterId: id, by: 1 }),
  );
  await database.collection('commits').insertMany(documents as never[], { writeConcern: { w: 'majority', j: true } });
}

async function rawLoad(commits: Collection, stream: string): Promise<CounterState> {
  const state = new CounterState();
  const range = { _id: { $gte: { s: stream, v: 1 }, $lt: { s: stream, v: Number.POSITIVE_INFINITY } } };
  const documents = await commits
    .find(range as never, { readConcern: { level: 'majority' } })
    .sort({ _id: 1 })
    .toArray();
  for (const document of documents) {
    for (const event of document['e'] as { t: string; d: { label: string; by: number } }[]) {
      if (event.t === 'bench.opened') state.label = event.d.label;
      else {
        state.total += event.d.by;
        state.changes += 1;
      }
    }
  }
  return state;
}
