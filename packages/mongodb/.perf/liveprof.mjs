import { openRig } from './test/read-side.rig.js';
import { storeTimeOf } from './src/connection/bson-mapping.js';
const rig = await openRig({ uri: 'mongodb://127.0.0.1:37801/?directConnection=true', database: 'bench_feed' });
const { db } = rig.context; const N = 100000;
const first = await db.collection('commits').findOne({}, { sort: { ts: 1 } });
const start = storeTimeOf(first.ts);
for (let r = 0; r < 3; r++) { let n = 0; const feed = await rig.openFeed();
    let sub = feed.subscribe({ at: start });
    while (n < N) { n += (await sub.next({ max: 500, waitMs: 1000 })).commits.length; } await sub.close(); }
await rig.close();
