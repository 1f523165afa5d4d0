import { randomUUID } from 'node:crypto';
import { sliceOf } from '@nestfold/core';
import type { Db } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { FailPoint } from '../faults/fail-point.js';
import { ownServer } from '../support/own-server.js';
import { appliedCount, INNOCENT, judge } from './judge.js';
import { Ledger } from './ledger.js';
import { WorkerProcess } from './worker-process.js';

// Renewed at a third of it: a machine that stands still for two seconds loses no lease.
const LEASE_MS = 4_000;
const HELD_MS = 12_000;

const own = ownServer();

// Without the renewal beside the batch the other process took over and stored one of its own when the lease was over.
it('a batch that takes three times as long as its lease keeps it, though another process waits for it', async () => {
  const database = own.client.db(`long_batch_${randomUUID().slice(0, 8)}`);
  const ledger = new Ledger();
  const orders = { uri: own.server.uri, database: database.databaseName, leaseMs: LEASE_MS, tallies: 5 };
  const first = WorkerProcess.start({ ...orders, appName: 'first', callers: 4, pauseMs: 20 }, ledger);
  onTestFinished(() => first.kill());
  await first.until('the first additions to be projected', async () => (await appliedCount(database)) > 20);
  const second = WorkerProcess.start({ ...orders, appName: 'second', callers: 0 }, ledger);
  onTestFinished(() => second.kill());
  await second.ready();
  const lease = async () =>
    database
      .collection<{ _id: string; token: number; owner: string }>('nestfold.leases')
      .findOne({ _id: 'tallies.1.1/0' });
  // Held before that, the batch would be the last of an owner who then gives the partition to the newcomer, as is right.
  await second.until('the partition to be where it belongs', async () => {
    const owner = await fairOwner(database);
    return owner !== undefined && (await lease())?.owner === owner;
  });
  const held = performance.now();
  const point = await FailPoint.set(
    own.client,
    { times: 1 },
    { failCommands: ['commitTransaction'], blockConnection: true, blockTimeMS: HELD_MS },
  );
  expect(await point.isMet(20_000)).toBe(true);
  const before = await lease();
  const applied = await appliedCount(database);
  await second.until('the batch to be stored', async () => (await appliedCount(database)) > applied);
  expect(performance.now() - held).toBeGreaterThan(HELD_MS - 100);
  await point.off();
  expect(await lease()).toMatchObject({ owner: before!.owner, token: before!.token });
  await first.settled();
  await second.settled();
  expect(await judge(database, ledger)).toEqual(INNOCENT);
});

/** Whose share the only partition is, once both processes are known. */
async function fairOwner(database: Db): Promise<string | undefined> {
  const ids = await database.collection<{ _id: string }>('nestfold.nodes').distinct('_id');
  const rank = (id: string): number => sliceOf(`tallies.1-${id}`);
  return ids.length < 2 ? undefined : ids.sort((one, other) => rank(one) - rank(other))[0];
}
