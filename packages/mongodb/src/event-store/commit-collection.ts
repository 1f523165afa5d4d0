import { BSON, type Collection, type Db, type Document } from 'mongodb';
import { COLLECTIONS } from '../connection/collections.js';
import { DURABLE } from '../connection/durability.js';
import type { CommitDocument } from './commit-document.js';

/** The log's collection, with its write concern set once and for all. */
export function commitsOf(db: Db): Collection<CommitDocument> {
  return db.collection<CommitDocument>(COLLECTIONS.commits, { writeConcern: DURABLE });
}

/** Makes the log's collection, its indexes and the view on its events where they are missing. */
export async function prepareCommits(db: Db): Promise<void> {
  await createMissing(() => db.createCollection(COLLECTIONS.commits));
  await commitsOf(db).createIndexes([
    { name: 'by_time', key: { ts: 1 } },
    { name: 'by_key', key: { c: 1 }, partialFilterExpression: { keyed: true } },
  ]);
  await createMissing(() => makeView(db));
  await renewView(db);
}

const makeView = (db: Db): Promise<unknown> =>
  db.createCollection(COLLECTIONS.events, { viewOn: COLLECTIONS.commits, pipeline: EVENTS_VIEW });

/** An older version of this package may have made the view in another shape. */
async function renewView(db: Db): Promise<void> {
  const UNAUTHORIZED = 13;
  const [found] = await db
    .listCollections<{ name: string; type?: string; options?: Document }>({ name: COLLECTIONS.events })
    .toArray();
  if (found?.type !== 'view' || shapeOf(found.options?.['pipeline']) === shapeOf(EVENTS_VIEW)) return;
  const change = { collMod: COLLECTIONS.events, viewOn: COLLECTIONS.commits, pipeline: EVENTS_VIEW };
  await db.command(change).catch(async (error: unknown) => {
    if ((error as { code?: unknown }).code !== UNAUTHORIZED) throw error;
    // The role readWrite may drop and create, but not change. A view holds nothing.
    await db.dropCollection(COLLECTIONS.events);
    await createMissing(() => makeView(db));
  });
}

/** As the server would compare it: by values, in the order of the fields. */
const shapeOf = (pipeline: unknown): string => BSON.EJSON.stringify(pipeline, { relaxed: true });

const EVENTS_VIEW = [
  { $unwind: { path: '$e', includeArrayIndex: 'i' } },
  {
    $project: {
      _id: { $concat: ['$_id.s', ':', { $toString: { $toLong: { $add: ['$_id.v', '$i'] } } }] },
      stream: '$_id.s',
      version: { $toLong: { $add: ['$_id.v', '$i'] } },
      type: '$e.t',
      schema: '$e.k',
      data: '$e.d',
      commitId: '$c',
      metadata: {
        correlationId: '$m.c',
        causationId: '$m.u',
        actor: '$m.a',
        tenant: '$m.t',
        traceparent: '$m.p',
        custom: '$m.x',
      },
      occurredAt: { $ifNull: ['$o', '$at'] },
      recordedAt: '$at',
      ts: '$ts',
    },
  },
];

/** Two processes that start at once may both make it. */
async function createMissing(create: () => Promise<unknown>): Promise<void> {
  const NAMESPACE_EXISTS = 48;
  await create().catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== NAMESPACE_EXISTS) throw error;
  });
}
