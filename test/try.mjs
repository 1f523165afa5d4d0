import { startMongo } from '@nestfold/dev-stack';
import { MongoClient } from 'mongodb';
import { WorkerProcess } from './dist/crash/worker-process.js';
import { Ledger } from './dist/crash/ledger.js';
import { appliedCount, judge } from './dist/crash/judge.js';
import { setTimeout as s } from 'node:timers/promises';
const server = await startMongo({ ephemeral: {}, ignoreUri: true });
const client = await new MongoClient(server.uri).connect();
const db = client.db('x');
const ledger = new Ledger();
const start=()=>WorkerProcess.start({ uri: server.uri, database: 'x', appName: 'a', leaseMs: 1500, callers: 12, tallies: 40, repeat: ledger.open }, ledger);
let w = start();
const t0=Date.now();
const show = async (what) => console.log(what, Date.now()-t0, 'ack', ledger.acknowledged.size, 'applied', await appliedCount(db), 'refusals', ledger.refusals.slice(-2), 'ready', w.isReady);
for (let i=0;i<6;i++){ await s(700); await show('a'); if (w.failure) console.log(w.failure, w.complaints);}
console.log(JSON.stringify(await db.collection('nestfold.checkpoints').find().toArray()), JSON.stringify(await db.collection('nestfold.generations').find().toArray()));
await w.kill(); w = start();
for (let i=0;i<10;i++){ await s(500); await show('b'); if (w.failure) console.log(w.failure, w.complaints);}
await w.settled().catch(e=>console.log(e.message)); await show('end');
const v=await judge(db, ledger); console.log(Object.entries(v).map(([k,x])=>k+':'+x.length+' '+x.slice(0,2)).join('\n'));
await w.kill(); await client.close(); await server.stop();
