import { randomBytes } from 'node:crypto';
import { sliceOf, streamName } from '@nestfold/core';
import { Binary, Timestamp, type ClientSession, type Db } from 'mongodb';
import type { Addition } from '../crash/worker-protocol.js';

/** An addition as it is stored, written past the framework. Without a time the server fills in its own. */
export function rawCommit({ tallyId, by, ref }: Addition, version: number, ts = new Timestamp({ t: 0, i: 0 })) {
  const stream = streamName('tally', tallyId);
  return {
    _id: { s: stream, v: version },
    n: 1,
    ts,
    at: new Date(),
    h: sliceOf(stream),
    c: new Binary(randomBytes(16), Binary.SUBTYPE_UUID),
    e: [{ t: 'tally.added', k: 1, d: { tallyId, by, ref } }],
    m: { c: 'test', u: 'test' },
  };
}

/** Inserts additions, the first of a stream each unless `version` says otherwise. */
export async function insertRaw(
  database: Db,
  documents: readonly ReturnType<typeof rawCommit>[],
  session?: ClientSession,
): Promise<void> {
  await database.collection('commits').insertMany(documents as never[], session ? { session } : {});
}
