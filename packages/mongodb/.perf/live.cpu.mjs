const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000 };
import { openRig } from './test/read-side.rig.js';
import { timestampOf } from './src/connection/bson-mapping.js';
import { storeTimeOf } from './src/connection/bson-mapping.js';
const rig = await openRig({ uri: 'mongodb://127.0.0.1:37801/?directConnection=true', database: 'bench_feed' });
const { db } = rig.context; const N = 100000;
const first = await db.collection('commits').findOne({}, { sort: { ts: 1 } });
const start = storeTimeOf(first.ts);
const limits = { commits: Number(process.env.RING ?? 8192), bytes: 32 << 20 };
for (let r = 0; r < 3; r++) {
    let t = cpu(); let n = 0;
    const s = db.watch([{ $match: { 'ns.coll': 'commits', operationType: 'insert' } }], { startAtOperationTime: timestampOf(start) });
    while (n < N) { if (await s.tryNext()) n++; }
    const raw = n / (cpu() - t) * 1000; await s.close();
    const feed = await rig.openFeed(limits);
    t = cpu(); n = 0;
    let sub = feed.subscribe({ at: start });
    while (n < N) { n += (await sub.next({ max: 500, waitMs: 1000 })).commits.length; }
    const one = n / (cpu() - t) * 1000; await sub.close();
    t = cpu();
    await Promise.all(Array.from({ length: 10 }, async () => { const sub = feed.subscribe({ at: start }); let n = 0; while (n < N) { n += (await sub.next({ max: 500, waitMs: 1000 })).commits.length; } await sub.close(); }));
    const ten = N / (cpu() - t) * 1000;
    console.log('raw', Math.round(raw), 'one', Math.round(one), (one/raw).toFixed(2), 'ten', Math.round(ten), (ten/raw).toFixed(2));
}
await rig.close();
