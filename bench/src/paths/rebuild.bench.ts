import { setTimeout as sleep } from 'node:timers/promises';
import { secondsOf } from '@nestfold/core';
import type { Db } from 'mongodb';
import { startEngine } from '../domain/engine.js';
import { fillHistory } from '../domain/history.js';
import type { BenchContext } from '../harness/context.js';
import { compare, type BenchResult } from '../harness/result.js';
import { say } from '../harness/report.js';
import { alternate } from '../harness/rounds.js';
import { median } from '../harness/statistics.js';

/** A rebuild from the request to the swap, beside a raw drain with the same fold and the same writes. */
export async function rebuildBench({
  store,
  storeDatabase,
  horizonSeconds,
  raw,
  quick,
}: BenchContext): Promise<BenchResult[]> {
  const events = quick ? 50_000 : 200_000;
  say('rebuild', `filling in ${events} events`);
  await fillHistory(storeDatabase, events);
  const engine = await startEngine(store);
  try {
    await engine.settled({ timeoutMs: 120_000 });
    const filled = secondsOf(await store.feed.now());
    while (secondsOf(await store.feed.now()) <= filled + horizonSeconds) await sleep(100);
    const ours = async (): Promise<number> => {
      const started = performance.now();
      const { id } = await engine.engine.rebuild('counters', 'bench');
      for (;;) {
        const status = await engine.engine.rebuildStatus(id);
        if (status?.state === 'done') break;
        if (status?.state !== 'running') throw new Error(`The rebuild ended as ${status?.state}.`);
        await sleep(10);
      }
      return (events * 1000) / (performance.now() - started);
    };
    const twin = () => rawRebuild(storeDatabase, raw, events);
    const measured = await alternate('rebuild', quick ? 1 : 3, ours, twin);
    return [compare('rebuild', median(measured.ours), median(measured.twin), 'events/s')];
  } finally {
    await engine.stop();
  }
}

interface View {
  _id: string;
  label: string;
  total: number;
  changes: number;
}

/** Folds 5,000 events in memory, writes each touched document once with a checkpoint in one transaction, and goes on. */
export async function rawRebuild(source: Db, target: Db, events: number): Promise<number> {
  const view = target.collection<View>('rebuilt');
  await view.drop().catch(() => undefined);
  await target.createCollection('rebuilt');
  const checkpoints = target.collection<{ _id: string; at?: unknown }>('rebuild_checkpoint');
  await checkpoints.updateOne({ _id: 'twin' }, { $set: { at: null } }, { upsert: true });
  const session = target.client.startSession();
  const started = performance.now();
  let seen = 0;
  let fold = new Map<string, View & { fresh: boolean }>();
  const flush = async (at: unknown): Promise<void> => {
    const writes = [...fold.values()].map(({ fresh, ...document }) =>
      fresh
        ? { insertOne: { document } }
        : {
            updateOne: {
              filter: { _id: document._id },
              update: { $inc: { total: document.total, changes: document.changes } },
            },
          },
    );
    session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true } });
    await checkpoints.updateOne({ _id: 'twin' }, { $set: { at } }, { session });
    await view.bulkWrite(writes, { session, ordered: false });
    await session.commitTransaction();
    fold = new Map();
  };
  const cursor = source
    .collection('commits')
    .find({}, { projection: { e: 1, ts: 1 }, batchSize: 2000 })
    .sort({ ts: 1 });
  let inBatch = 0;
  for await (const { e, ts } of cursor) {
    for (const { t, d } of e as { t: string; d: { counterId: string; label: string; by: number } }[]) {
      const known = fold.get(d.counterId) ?? { _id: d.counterId, label: '', total: 0, changes: 0, fresh: false };
      if (t === 'bench.opened') fold.set(d.counterId, { ...known, label: d.label, fresh: true });
      else fold.set(d.counterId, { ...known, total: known.total + d.by, changes: known.changes + 1 });
      seen += 1;
      inBatch += 1;
    }
    if (inBatch >= 5000 || fold.size >= 1000) {
      await flush(ts);
      inBatch = 0;
    }
  }
  await flush(null).catch((error: unknown) => {
    if (fold.size > 0) throw error;
  });
  await session.endSession();
  if (seen < events) throw new Error(`Only ${seen} of ${events} events were folded.`);
  return (seen * 1000) / (performance.now() - started);
}
