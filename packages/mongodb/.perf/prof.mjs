import { openRig } from './test/read-side.rig.js';
const rig = await openRig({ uri: 'mongodb://127.0.0.1:37801/?directConnection=true', database: 'bench_feed' });
const now = await rig.feed.now();
for (let r = 0; r < 4; r++) { let n = 0; for await (const page of rig.feed.history({ before: now, asOf: now })) n += page.length; }
await rig.close();
