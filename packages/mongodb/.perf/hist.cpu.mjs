const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000 };
import { openRig } from './test/read-side.rig.js';
const rig = await openRig({ uri: 'mongodb://127.0.0.1:37801/?directConnection=true', database: 'bench_feed' });
const c = rig.context.db.collection('commits');
const now = await rig.feed.now();
for (let r = 0; r < 4; r++) {
    let t = cpu(); let n = 0;
    for await (const d of c.find({}, { sort: { ts: 1 } })) n++;
    const raw = n / (cpu() - t) * 1000;
    t = cpu(); n = 0;
    for await (const page of rig.feed.history({ before: now, asOf: now })) n += page.length;
    const h = n / (cpu() - t) * 1000;
    console.log('raw', Math.round(raw), 'history', Math.round(h), (h/raw).toFixed(2));
}
await rig.close();
