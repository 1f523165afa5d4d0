import { parentPort, workerData } from 'node:worker_threads';
import { MongoClient, type Collection, type Filter } from 'mongodb';
import type { TwinOrders } from './million-twin.js';

interface View {
  _id: string;
  label: string;
  total: number;
  changes: number;
}

interface RawCommit {
  readonly _id: { readonly s: string; readonly v: number };
  readonly e: readonly { readonly t: string; readonly d: { counterId: string; label: string } }[];
}

// A thread of the raw load: reads no more than it needs, and writes a thousand documents a transaction while it reads on.

const { uri, source, target, ranges } = workerData as TwinOrders;
const client = await new MongoClient(uri).connect();
const commits = client.db(source).collection<RawCommit>('commits');
const views = client.db(target).collection<View>('loaded');
const checkpoints: Collection<{ _id: string; at: string }> = client.db(target).collection('load_checkpoints');
const session = client.startSession();
let writing: Promise<void> = Promise.resolve();
let seen = 0;

async function write(key: string, documents: View[]): Promise<void> {
  session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } });
  await checkpoints.updateOne({ _id: key }, { $set: { at: documents.at(-1)?._id ?? '' } }, { session });
  await views.insertMany(documents, { session, ordered: false });
  await session.commitTransaction();
}

for (const { from, to } of ranges) {
  await checkpoints.insertOne({ _id: from, at: '' });
  const filter = {
    _id: { $gte: { s: from, v: 0 }, ...(to !== undefined && { $lt: { s: to, v: 0 } }) },
  } as Filter<RawCommit>;
  let fold = new Map<string, View>();
  const cursor = commits.find(filter, { projection: { e: 1 }, sort: { _id: 1 }, batchSize: 2_000 });
  for await (const { e } of cursor) {
    for (const { t, d } of e) {
      seen += 1;
      const known = fold.get(d.counterId);
      if (t === 'bench.opened') {
        if (fold.size >= 1_000) {
          const documents = [...fold.values()];
          fold = new Map();
          await writing;
          writing = write(from, documents);
        }
        fold.set(d.counterId, { _id: d.counterId, label: d.label, total: 0, changes: 0 });
      } else if (known) {
        known.total += 1;
        known.changes += 1;
      }
    }
  }
  await writing;
  writing = Promise.resolve();
  if (fold.size > 0) await write(from, [...fold.values()]);
}
await session.endSession();
await client.close();
parentPort?.postMessage(seen);
