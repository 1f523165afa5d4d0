import { silentLogger, sliceOf, systemEnvironment } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { mongo } from '@nestfold/mongodb';
import { MongoClient, Timestamp, UUID } from 'mongodb';
import { Session } from 'node:inspector/promises';
import { writeFileSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OrderPlaced, OrderShipped, DailyTotalProjection, LineAdded, OrderViewProjection } from './fixtures/shop.fixture.js';
import { append, documents, engine, fact } from './fixtures/store.fixture.js';
import { On } from './definition/on.decorator.js';
import { Projection } from './definition/projection.decorator.js';
import { writes } from './definition/writes.js';
class Acc { _id!: string; count!: number; total!: number; last!: string }
const acc = writes(Acc);
@Projection('acc', { version: 1, readModels: [Acc] })
class AccProjection {
  @On(OrderPlaced) placed(e: OrderPlaced) { return acc.increment(e.orderId, { count: 1, total: e.total }, { initial: { count: 0, total: 0, last: e.customerId } }); }
}
it('x', { timeout: 160000 }, async () => {
  const database = testDatabase('bench');
  const store = await mongo({ uri: database.uri, database: database.name }).connect({ environment: systemEnvironment, logger: silentLogger });
  const client = await MongoClient.connect(database.uri, { directConnection: true });
  const db = client.db(database.name);
  await append(store, 'order-template', fact(OrderPlaced, { orderId: 'template', customerId: 'c', total: 1 }));
  const template = (await db.collection('commits').findOne({}))!;
  const commits = db.collection<any>('commits');
  const t0 = Math.floor(Date.now() / 1000) - 3600;
  const N = 200_000, D = 20_000;
  for (let n = 0; n < N; n += 5000) {
    const docs = [];
    for (let i = n; i < n + 5000; i++) { const id = i % D; const s = `order-${id}`; docs.push({ ...template, _id: { s, v: Math.floor(i / D) + 1 }, ts: new Timestamp({ t: t0 + Math.floor(i / 1000), i: (i % 1000) + 1 }), h: sliceOf(s), c: new UUID(), e: [{ t: 'order.placed', k: 1, d: { orderId: `${id}`, customerId: `c${id % 100}`, total: 5 } }] }); }
    await commits.insertMany(docs, { ordered: false });
  }
  const b = performance.now(); let c = 0;
  for await (const x of commits.find({}, { sort: { ts: 1 }, batchSize: 5000 })) c++;
  console.log('raw drain decoded', Math.round(c / (performance.now() - b) * 1000), '/s');
  const b2 = performance.now(); c = 0;
  for await (const x of store.feed.history({ before: 'ffffffffffffffff', asOf: await store.feed.now(), types: ['order.placed'] })) c += x.length;
  console.log('feed.history', Math.round(c / (performance.now() - b2) * 1000), '/s');
  const session = new Session(); session.connect();
  await session.post('Profiler.enable'); await session.post('Profiler.start');
  const times: number[] = []; const sizes: number[] = [];
  const spy = { ...store, checkpoints: new Proxy(store.checkpoints, { get: (t, k) => k === 'openWriter' ? async (key: string) => { const w = await store.checkpoints.openWriter(key); return new Proxy(w, { get: (t2, k2) => k2 === 'write' ? async (bt: any, work: any) => { const at = performance.now(); const o = await w.write(bt, work); times.push(performance.now() - at);  return o; } : (typeof Reflect.get(t2, k2) === 'function' ? (Reflect.get(t2, k2) as any).bind(w) : Reflect.get(t2, k2)) }); } : (Reflect.get(t, k) as any).bind(t) }) };
  const one = engine(spy, [AccProjection]);
  const mongoCpu = () => { let t = 0; for (const pid of readdirSync('/proc')) { if (!/^\d+$/.test(pid)) continue; try { const c = readFileSync(`/proc/${pid}/cmdline`, 'utf8'); if (c.includes('mongod') && c.includes(new URL(database.uri).port)) { const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '); t += (Number(f[11]) + Number(f[12])) * 10; } } catch {} } return t; };
  const cpu0 = process.cpuUsage(), m0 = mongoCpu();
  const b3 = performance.now();
  await one.start();
  await one.settled({ timeoutMs: 100_000 });
  const took = performance.now() - b3;
  const cpu = process.cpuUsage(cpu0); console.log('node cpu ms', (cpu.user + cpu.system) / 1000, 'mongod cpu ms', mongoCpu() - m0);
  const { profile } = await session.post('Profiler.stop');
  writeFileSync('/tmp/nf/engine/prof.cpuprofile', JSON.stringify(profile));
  console.log('rebuild', Math.round(N / took * 1000), '/s', Math.round(took), 'ms; writes', times.length, 'sum', Math.round(times.reduce((x, y) => x + y, 0)));
  expect((await documents(store, await one.readModel(Acc).collectionName())).size).toBe(D + 1);
  await one.stop(); await store.close(); await client.close(); await database.drop();
});
