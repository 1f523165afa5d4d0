import type { MongoContext } from '../src/connection/mongo-context.js';

/** Ends all cursors over commits that wait to be read on, but not those of change streams; answers how many. */
export async function killCursors({ db, client }: MongoContext): Promise<number> {
  const open = await client
    .db('admin')
    .aggregate<{ cursor: { cursorId: unknown } }>([
      { $currentOp: { idleCursors: true } },
      { $match: { type: 'idleCursor', 'cursor.tailable': false } },
    ])
    .toArray();
  const cursors = open.map(({ cursor }) => cursor.cursorId);
  if (cursors.length > 0) await db.command({ killCursors: 'commits', cursors });
  return cursors.length;
}
