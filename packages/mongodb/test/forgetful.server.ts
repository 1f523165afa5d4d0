import { startMongo, type MongoServer } from '@nestfold/dev-stack';
import { MongoClient, Timestamp } from 'mongodb';

/** A server whose oplog is as small as can be; without the short `syncdelay` it would still keep hundreds of megabytes. */
export function startForgetful(): Promise<MongoServer> {
  return startMongo({ ignoreUri: true, ephemeral: { args: ['--oplogSize', '1', '--syncdelay', '1'] } });
}

/** Writes elsewhere until the oplog reaches nothing that happened before this call. */
export async function forget(uri: string): Promise<void> {
  const client = await new MongoClient(uri).connect();
  try {
    const junk = client.db('junk').collection('junk');
    const { operationTime } = await client.db('junk').command({ ping: 1 });
    const text = 'x'.repeat(250_000);
    for (;;) {
      await junk.insertMany(Array.from({ length: 8 }, () => ({ text })));
      await junk.deleteMany({});
      const first = await client
        .db('local')
        .collection('oplog.rs')
        .findOne({}, { sort: { $natural: 1 } });
      if ((first?.['ts'] as Timestamp).greaterThan(operationTime as Timestamp)) return;
    }
  } finally {
    await client.close();
  }
}
