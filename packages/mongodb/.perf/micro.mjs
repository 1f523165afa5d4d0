import { openRig } from './test/read-side.rig.js';
import { timestampOf, storeTimeOf } from './src/connection/bson-mapping.js';
import { feedPipeline } from './src/change-feed/change-document.js';
import { commitOf } from './src/event-store/commit-document.js';
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000 };
const rig = await openRig({ uri: 'mongodb://127.0.0.1:37801/?directConnection=true', database: 'bench_feed' });
const { db } = rig.context; const N = 100000;
const first = await db.collection('commits').findOne({}, { sort: { ts: 1 } });
const start = timestampOf(storeTimeOf(first.ts));
const immediate = () => new Promise(r => setImmediate(r, null));
const P = { plain: [{ $match: { 'ns.coll': 'commits', operationType: 'insert' } }], ours: feedPipeline({ commits: 'commits', notices: ['a','b'] }) };
const variants = {
  plain: async (s) => { let n = 0; while (n < N) if (await s.tryNext()) n++; },
  keep: async (s) => { let n = 0; let k = []; while (n < N) { const d = await s.tryNext(); if (d) { n++; k.push(d); if (k.length === 200) k = []; } } },
  keep1000: async (s) => { let n = 0; let k = []; while (n < N) { const d = await s.tryNext(); if (d) { n++; k.push(d); if (k.length === 1000) k = []; } } },
  race: async (s) => { let n = 0; let turn = immediate(); let i = 0; while (n < N) { const p = s.tryNext(); p.catch(() => undefined); await Promise.race([p, turn]); if (i++ % 200 === 0) turn = immediate(); if (await p) n++; } },
  mapped: async (s) => { let n = 0; while (n < N) { const d = await s.tryNext(); if (d) { n++; commitOf(d.fullDocument); } } },
  sync: async (s) => { let n = 0; while (n < N) { const d = await s.tryNext(); if (d) { n++; n += s.cursor.readBufferedDocuments(200).length; } } },
};
for (let r = 0; r < 2; r++) for (const [pn, p] of Object.entries(P)) for (const [name, v] of Object.entries(variants)) {
  const s = db.watch(p, { startAtOperationTime: start }); const t = cpu(); await v(s); console.log(pn, name, Math.round(N / (cpu() - t) * 1000)); await s.close();
}
await rig.close();
