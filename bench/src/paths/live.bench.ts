import { randomUUID } from 'node:crypto';
import { loadedVersion } from '@nestfold/core';
import type { Collection, MongoClient } from 'mongodb';
import { commitDocument } from '../domain/commit-documents.js';
import { startEngine } from '../domain/engine.js';
import type { BenchContext } from '../harness/context.js';
import { compare, type BenchResult } from '../harness/result.js';
import { alternate } from '../harness/rounds.js';
import { percentile } from '../harness/statistics.js';
import { watchArrivals } from './arrivals.js';

const PER_SECOND = 500;

/** Append → visible in a read model at 500/s, beside a raw change stream that writes the same transaction. */
export async function liveBench({ store, storeDatabase, raw, quick }: BenchContext): Promise<BenchResult[]> {
  const seconds = quick ? 2 : 8;
  const engine = await startEngine(store);
  const twin = await startTwin(raw.client, raw.collection('commits'), raw.collection('counter_view'));
  try {
    await engine.settled({ timeoutMs: 20_000 });
    const model = await engine.collection();
    const ours = await watchArrivals(storeDatabase.collection(model));
    const theirs = await watchArrivals(raw.collection('counter_view'));
    const commits = raw.collection('commits');
    const measured = await alternate(
      quick ? 2 : 3,
      () =>
        ours.measure(PER_SECOND, seconds, async (id) => {
          await store.events.append([
            {
              stream: `counter-${id}`,
              expected: loadedVersion(0),
              events: [{ type: 'bench.opened', schema: 1, data: { counterId: id, label: 'live' } }],
              commitId: randomUUID(),
              metadata: { correlationId: 'bench', causationId: 'bench' },
            },
          ]);
        }),
      () =>
        theirs.measure(PER_SECOND, seconds, async (id) => {
          const document = commitDocument(`counter-${id}`, 1, 'bench.opened', { counterId: id, label: 'live' });
          await commits.insertOne(document as never, { writeConcern: { w: 'majority', j: true } });
        }),
    );
    await ours.close();
    await theirs.close();
    const at = (side: 'ours' | 'twin', share: number): number => percentile(measured[side].flat(), share);
    return [
      compare('live.p50', at('ours', 0.5), at('twin', 0.5), 'ms'),
      compare('live.p99', at('ours', 0.99), at('twin', 0.99), 'ms'),
    ];
  } finally {
    await twin.stop();
    await engine.stop();
  }
}

/** The least that a transactional projection must do: take what has arrived, write it with a checkpoint, commit. */
async function startTwin(
  client: MongoClient,
  commits: Collection,
  view: Collection,
): Promise<{ stop(): Promise<void> }> {
  await view.db.createCollection(view.collectionName);
  await commits.db.createCollection(commits.collectionName);
  const checkpoints = view.db.collection<{ _id: string; token?: unknown }>('checkpoints');
  await checkpoints.insertOne({ _id: 'twin' });
  const stream = commits.watch([], { maxAwaitTimeMS: 1000 });
  await stream.tryNext();
  const session = client.startSession();
  let running = true;
  const loop = (async () => {
    while (running) {
      const batch = [];
      for (let change = await stream.tryNext(); change; change = batch.length < 500 ? await buffered() : null)
        batch.push(change);
      if (batch.length === 0) continue;
      session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true } });
      await checkpoints.updateOne({ _id: 'twin' }, { $set: { token: stream.resumeToken } }, { session });
      const inserts = batch.flatMap((change) => {
        if (change.operationType !== 'insert') return [];
        const data = change.fullDocument['e'][0].d;
        return [{ insertOne: { document: { _id: data.counterId, label: data.label, total: 0, changes: 0 } as never } }];
      });
      await view.bulkWrite(inserts, { session });
      await session.commitTransaction();
    }
  })();
  const buffered = async () => (bufferedIn(stream) > 0 ? stream.tryNext() : null);
  return {
    stop: async () => {
      running = false;
      await loop;
      await session.endSession();
      await stream.close();
    },
  };
}
