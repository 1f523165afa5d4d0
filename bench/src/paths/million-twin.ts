import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { MongoClient } from 'mongodb';

/** Where a raw load reads and writes. */
export interface TwinPlace {
  readonly uri: string;
  readonly source: string;
  readonly target: string;
}

/** What one thread of a raw load does: the streams from one name on and before another. */
export interface TwinOrders extends TwinPlace {
  readonly ranges: readonly { readonly from: string; readonly to: string | undefined }[];
}

/** A load by hand with as many threads: each reads ranges of `_id`, folds them in memory and inserts documents with a checkpoint in transactions. Events a second. */
export async function rawLoad(place: TwinPlace, threads: number, events: number): Promise<number> {
  const client = await new MongoClient(place.uri).connect();
  try {
    const target = client.db(place.target);
    await target.dropCollection('loaded').catch(() => undefined);
    await target.createCollection('loaded');
    await target.collection('load_checkpoints').deleteMany({});
    const started = performance.now();
    const names = await client
      .db(place.source)
      .collection('commits')
      .aggregate<{ _id: string }>([{ $sample: { size: 800 } }, { $project: { _id: '$_id.s' } }, { $sort: { _id: 1 } }])
      .toArray();
    const bounds = ['', ...Array.from({ length: 7 }, (_, index) => names[(index + 1) * 100]?._id ?? '')];
    const ranges = bounds.map((from, index) => ({ from, to: bounds[index + 1] }));
    const folded = await Promise.all(
      Array.from({ length: threads }, (_, thread) =>
        inThread({ ...place, ranges: ranges.filter((_range, index) => index % threads === thread) }),
      ),
    );
    const seen = folded.reduce((sum, count) => sum + count, 0);
    if (seen !== events) throw new Error(`Only ${seen} of ${events} events were folded.`);
    return (events * 1000) / (performance.now() - started);
  } finally {
    await client.close();
  }
}

async function inThread(workerData: TwinOrders): Promise<number> {
  const worker = new Worker(new URL('./million-twin.worker.js', import.meta.url), { workerData });
  const [seen] = (await once(worker, 'message')) as [number];
  await worker.terminate();
  return seen;
}
