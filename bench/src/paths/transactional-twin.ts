import { randomUUID } from 'node:crypto';
import type { Collection, Document, Timestamp } from 'mongodb';
import { RawFeed } from './raw-feed.js';

/** What is to be written of a counter, and how far its stream was seen. */
interface Amounts {
  total: number;
  changes: number;
  version: number;
}

interface Pending {
  readonly counters: Map<string, Amounts>;
  events: number;
  token: unknown;
  time: Timestamp | undefined;
}

const PATIENCE_MS = 60_000;
/**
 * What a transaction takes, as one of ours does: one that grew with the backlog would take longer than the server lets it live, and end the larger the
 * later.
 */
const [DOCUMENTS, EVENTS] = [5_000, 20_000];

/**
 * Drains so many events of a change stream by hand: while one batch is written, the next one is read and folded; each batch is one durable
 * transaction of a checkpoint, one bulk write of the documents that it touches, and the watermarks of their streams, and is repeated where the server
 * says that it may be.
 */
export async function drainTransactionally(
  feed: Pick<RawFeed, 'next'>,
  view: Collection,
  events: number,
): Promise<void> {
  const { db } = view;
  const checkpoints = db.collection<{ _id: string; token?: unknown }>('checkpoints');
  const watermarks = db.collection('watermarks');
  const session = db.client.startSession();
  const write = ({ counters, token, time }: Pending): Promise<void> =>
    session.withTransaction(
      async () => {
        await checkpoints.updateOne({ _id: 'twin' }, { $set: { token } }, { session, upsert: true });
        const updates = [...counters].map(([_id, { total, changes }]) => ({
          updateOne: { filter: { _id: _id as never }, update: { $inc: { total, changes } } },
        }));
        await view.bulkWrite(updates, { session, ordered: true });
        const w = [...counters].map(([id, { version }]) => ({ s: `counter-${id}`, seen: version, applied: version }));
        await watermarks.insertOne({ _id: { g: 'twin', t: time, b: randomUUID() } as never, w }, { session });
      },
      { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true } },
    );
  let pending: Pending = emptied();
  let writing: Promise<void> | undefined;
  for (let seen = 0, movedAt = performance.now(); seen < events;) {
    const { changes, token } = await feed.next();
    if (changes.length > 0) movedAt = performance.now();
    else if (performance.now() - movedAt > PATIENCE_MS) throw new Error(`${events - seen} events never came.`);
    for (const { fullDocument, clusterTime } of changes)
      seen += fold(pending, fullDocument as Document, clusterTime as Timestamp);
    pending.token = token;
    if (pending.counters.size === 0 || (writing !== undefined && !isFull(pending))) continue;
    await writing;
    // One that failed stays, and is thrown at the end.
    writing = write(pending).then(() => void (writing = undefined));
    writing.catch(() => undefined);
    pending = emptied();
  }
  await writing;
  if (pending.counters.size > 0) await write(pending);
  await session.endSession();
}

function isFull({ counters, events }: Pending): boolean {
  return counters.size >= DOCUMENTS || events >= EVENTS;
}

function emptied(): Pending {
  return { counters: new Map(), events: 0, token: undefined, time: undefined };
}

function fold(pending: Pending, commit: Document, time: Timestamp): number {
  const { _id, e } = commit as { _id: { v: number }; e: { d: { counterId: string; by: number } }[] };
  for (const { d } of e) {
    const known = pending.counters.get(d.counterId);
    if (known === undefined) pending.counters.set(d.counterId, { total: d.by, changes: 1, version: _id.v });
    else {
      known.total += d.by;
      known.changes += 1;
      known.version = _id.v;
    }
  }
  pending.events += e.length;
  pending.time = time;
  return e.length;
}
