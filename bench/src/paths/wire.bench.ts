import type { Db } from 'mongodb';
import { Backlog } from '../domain/backlog.js';
import { fillHistory } from '../domain/history.js';
import type { BenchContext } from '../harness/context.js';
import { compare, type BenchResult } from '../harness/result.js';
import { say } from '../harness/report.js';
import { RawFeed } from './raw-feed.js';

/** Bytes that the server sends for an event, of history and live, beside whole documents and whole change events. Uncompressed, counted by the server. */
export async function wireBench({ store, storeDatabase, quick }: BenchContext): Promise<BenchResult[]> {
  const events = quick ? 20_000 : 50_000;
  const commits = storeDatabase.collection('commits');
  say('wire.bytes', `filling in ${events} events`);
  await fillHistory(storeDatabase, events);
  say('wire.bytes', 'counting');
  const history = await bytesAnEvent(storeDatabase, events, async () => {
    const now = await store.feed.now();
    let seen = 0;
    for await (const page of store.feed.history({ before: now, asOf: now })) seen += page.length;
    return seen;
  });
  const rawHistory = await bytesAnEvent(storeDatabase, events, async () => {
    let seen = 0;
    for await (const _ of commits.find({}, { batchSize: 2000 }).sort({ ts: 1 })) seen += 1;
    return seen;
  });

  const backlog = new Backlog(commits, 1000);
  await backlog.open();
  const subscription = store.feed.subscribe({ at: await store.feed.now() });
  await subscription.next({ max: 1000, waitMs: 200 });
  const live = await bytesAnEvent(storeDatabase, events, async () => {
    await backlog.add(events);
    let seen = 0;
    while (seen < events) seen += (await subscription.next({ max: 1000, waitMs: 200 })).commits.length;
    return seen;
  });
  await subscription.close();
  const feed = await RawFeed.open(commits, 1000);
  const rawLive = await bytesAnEvent(storeDatabase, events, async () => {
    await backlog.add(events);
    let seen = 0;
    while (seen < events) seen += (await feed.next()).changes.length;
    return seen;
  });
  await feed.close();
  return [
    compare('wire.bytes.history', history, rawHistory, 'bytes an event'),
    compare('wire.bytes.live', live, rawLive, 'bytes an event'),
  ];
}

async function bytesAnEvent(database: Db, events: number, read: () => Promise<number>): Promise<number> {
  const before = await bytesOut(database);
  const seen = await read();
  const after = await bytesOut(database);
  if (seen < events) throw new Error(`Only ${seen} of ${events} events were read.`);
  const asking = (await bytesOut(database)) - after;
  return (after - before - asking) / seen;
}

async function bytesOut(database: Db): Promise<number> {
  const status = (await database.admin().serverStatus()) as { network: { bytesOut: number } };
  return Number(status.network.bytesOut);
}
