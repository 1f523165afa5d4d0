import { randomUUID } from 'node:crypto';
import { silentLogger, sliceOf, systemEnvironment } from '@nestfold/core';
import { MongoClient } from 'mongodb';
import { MongoChangeFeed } from '../src/change-feed/mongo.change-feed.js';
import { uuidBinary } from '../src/connection/bson-mapping.js';
import { SERVER_FILLED } from '../src/event-store/commit-document.js';
import { commitsOf, prepareCommits } from '../src/event-store/commit-collection.js';
import { openReadSide, prepareReadSide } from '../src/read-side.js';
/** Opens the read side as a process of its own would. */
export async function openRig({ uri, database, client: options, horizonSeconds, logger = silentLogger }) {
    const client = await new MongoClient(uri, { maxPoolSize: 50, ...options }).connect();
    const db = client.db(database);
    const context = { client, db, environment: systemEnvironment, logger, horizonSeconds };
    await prepareCommits(db);
    await prepareReadSide(context);
    const ports = await openReadSide(context);
    return {
        ...ports,
        context,
        async append(stream, version, { session, count = 1 } = {}) {
            const at = new Date();
            const document = {
                _id: { s: stream, v: version },
                n: count,
                ts: SERVER_FILLED,
                at,
                h: sliceOf(stream),
                c: uuidBinary(randomUUID()),
                e: Array.from({ length: count }, () => ({ t: 'sample.happened', k: 1, d: { text: 'x'.repeat(60), total: 12 } })),
                m: { c: randomUUID(), u: randomUUID() },
            };
            await commitsOf(db).insertOne(document, session ? { session } : {});
        },
        openFeed: (limits) => MongoChangeFeed.open(context, limits),
        close: () => client.close(),
    };
}
