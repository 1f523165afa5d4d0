import 'reflect-metadata';
import { startMongo } from '@nestfold/dev-stack';
import { openContext, SERVER_ARGUMENTS, HORIZON_SECONDS } from './dist/harness/context.js';
import { fillHistory } from './dist/domain/history.js';
import { startEngine } from './dist/domain/engine.js';
import { secondsOf } from '@nestfold/core';
import { setTimeout as sleep } from 'node:timers/promises';
const server = await startMongo({ ephemeral: { onDisk: true, args: SERVER_ARGUMENTS }, ignoreUri: true });
const ctx = await openContext(server.uri, true);
const N = Number(process.argv[2] ?? 50000);
await fillHistory(ctx.storeDatabase, N);
const filled = secondsOf(await ctx.store.feed.now());
while (secondsOf(await ctx.store.feed.now()) <= filled + HORIZON_SECONDS) await sleep(100);
const e = await startEngine(ctx.store);
await e.settled({ timeoutMs: 120000 });
for (let i=0;i<2;i++){
const t0 = performance.now(); let last='';
const { id } = await e.engine.rebuild('counters', 'bench');
console.log('rebuild() returned', (performance.now()-t0).toFixed(0));
for (;;) { const s = await e.engine.rebuildStatus(id); const gen = await ctx.store.checkpoints.find(id+'/0'); const line = s.state+' '+s.processed+' '+gen?.position?.phase; if (line!==last) { console.log((performance.now()-t0).toFixed(0), line); last=line; } if (s.state!=='running') break; await sleep(20); }
}
await e.stop(); await ctx.close(); await server.stop();
