import { openRig } from './test/read-side.rig.js';
import { storeTimeOf } from './src/connection/bson-mapping.js';
import { ChangeReader } from './src/change-feed/change-reader.js';
import { commitOf } from './src/event-store/commit-document.js';
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000 };
const rig = await openRig({ uri: 'mongodb://127.0.0.1:37801/?directConnection=true', database: 'bench_feed' });
const { db } = rig.context; const N = 100000;
const first = await db.collection('commits').findOne({}, { sort: { ts: 1 } });
const start = storeTimeOf(first.ts);
for (let r=0;r<3;r++){
const rd = new ChangeReader(db, {commits:'commits', notices: ['a']}, {at: start}, 1000, () => Date.now());
let n=0, reads=0; const t=cpu(); const w = performance.now();
while(n<N){ const b = await rd.read(100, 1000); reads++; n+=b.changes.length; }
console.log('reader', n/reads, Math.round(n/(cpu()-t)*1000), 'wall', Math.round(n/(performance.now()-w)*1000)); await rd.close();
}
for (let r=0;r<3;r++){
const rd = new ChangeReader(db, {commits:'commits', notices: ['a']}, {at: start}, 1000, () => Date.now());
let n=0, reads=0; const t=cpu();
while(n<N){ const b = await rd.read(100, 1000); reads++; n+=(await rig.feed.source.commits(b.changes)).length; }
console.log('reader+commits', n/reads, Math.round(n/(cpu()-t)*1000)); await rd.close();
}
await rig.close();
