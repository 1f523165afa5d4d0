import type { Db } from 'mongodb';
import { expect } from 'vitest';

/** Settles when the server holds up a write of this document by a transaction that has written it. */
export async function untilBlocked(db: Db, collection: string, id: string): Promise<void> {
  const held = {
    ns: `${db.databaseName}.${collection}`,
    active: true,
    writeConflicts: { $gt: 0 },
    $or: [{ 'command.query._id': id }, { 'command.q._id': id }],
  };
  await expect
    .poll(
      () =>
        db.client
          .db('admin')
          .aggregate([{ $currentOp: {} }, { $match: held }])
          .toArray(),
      { timeout: 5_000, interval: 10 },
    )
    .not.toEqual([]);
}
