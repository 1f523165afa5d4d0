import { it } from 'vitest';
import { openRig } from '/work/main/packages/mongodb/test/read-side.rig.js';
import { SERVER_FILLED } from '/work/main/packages/mongodb/src/event-store/commit-document.js';
import { sliceOf, minusSeconds } from '@nestfold/core';
import { uuidBinary } from '/work/main/packages/mongodb/src/connection/bson-mapping.js';
import { randomUUID } from 'node:crypto';
const uri = 'mongodb://127.0.0.1:37801/?directConnection=true';
it('bench', async () => {
  const rig = await openRig({ uri, database: 'bench_feed' });
  const { db } = rig.context;
  const c = db.collection<any>('commits');
  const N = 200_000;
  const start = await rig.feed.now();
  if ((await c.estimatedDocumentCount()) < N) {
    for (let i = 0; i < N; i += 1000) {
      await c.insertMany(Array.from({ length: 1000 }, (_, j) => { const s = `order-${(i + j) % 20000}`; return {
        _id: { s, v: Math.floor((i + j) / 20000) + 1 }, n: 1, ts: SERVER_FILLED, at: new Date(), h: sliceOf(s), c: uuidBinary(randomUUID()),
        e: [{ t: 'order.placed', k: 1, d: { orderId: s, customerId: randomUUID(), lines: [{ sku: 'abc', q: 2, price: 12 }, { sku: 'def', q: 1, price: 3 }], total: 27 } }],
        m: { c: randomUUID(), u: randomUUID() } }; }), { ordered: false });
    }
  }
  const now = await rig.feed.now();
  for (let r = 0; r < 3; r++) {
    let t = performance.now(); let n = 0;
    for await (const d of c.find({}, { sort: { ts: 1 } })) n++;
    console.log('raw for-await', n, Math.round(n / (performance.now() - t) * 1000));
    t = performance.now(); n = 0;
    const cur = c.find({}, { sort: { ts: 1 }, batchSize: 2000 });
    while (await cur.hasNext()) n += cur.readBufferedDocuments().length;
    console.log('raw buffered', n, Math.round(n / (performance.now() - t) * 1000));
    t = performance.now(); n = 0;
    for await (const page of rig.feed.history({ before: now, asOf: now })) n += page.length;
    console.log('history', n, Math.round(n / (performance.now() - t) * 1000));
  }
  // live
  for (let r = 0; r < 2; r++) {
    let t = performance.now(); let n = 0;
    const { startAtOperationTime } = { startAtOperationTime: (await import('/work/main/packages/mongodb/src/connection/bson-mapping.js')).timestampOf(start) };
    const s = db.watch([{ $match: { 'ns.coll': 'commits', operationType: 'insert' } }], { startAtOperationTime });
    while (n < N) { if (await s.tryNext()) n++; }
    console.log('raw stream', n, Math.round(n / (performance.now() - t) * 1000)); await s.close();
    t = performance.now(); n = 0;
    const sub = rig.feed.subscribe({ at: start });
    while (n < N) { n += (await sub.next({ max: 500, waitMs: 1000 })).commits.length; }
    console.log('feed 1', n, Math.round(n / (performance.now() - t) * 1000)); await sub.close();
    t = performance.now();
    await Promise.all(Array.from({ length: 10 }, async () => { const sub = rig.feed.subscribe({ at: start }); let n = 0; while (n < N) { n += (await sub.next({ max: 500, waitMs: 1000 })).commits.length; } await sub.close(); }));
    console.log('feed x10', Math.round(N / (performance.now() - t) * 1000));
  }
  await rig.close();
}, 300000);
