import { randomUUID } from 'node:crypto';
import { Stopwatch } from '@nestfold/dev-stack';
import type { Db } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { batchPlaces } from '../faults/batch-places.js';
import { FailPoint, type FailCommand } from '../faults/fail-point.js';
import { holdInBatch } from '../faults/hold-in-batch.js';
import { ownServer } from '../support/own-server.js';
import { between, seeded } from '../support/random.js';
import { appliedCount, INNOCENT, judge } from './judge.js';
import { Ledger } from './ledger.js';
import { WorkerProcess } from './worker-process.js';
import type { WorkerOrders } from './worker-protocol.js';

const LEASE_MS = 1_500;
const KILLS = 20;
const SEED = Number(process.env['SEED'] ?? 20_240_601);

const own = ownServer();

/**
 * Where in its work a worker is when it dies: the server holds that command, so that the moment is certain. The insert goes on after a
 * while, behind its repetition's back; a batch's transaction would stay for longer than any takeover may last.
 */
const places: Record<string, (database: Db) => Promise<FailCommand> | FailCommand> = {
  'while it appends': (database) => ({
    failCommands: ['insert'],
    namespace: `${database.databaseName}.commits`,
    blockTimeMS: 1_500,
  }),
  ...batchPlaces,
};

describe('a worker that is killed again and again', () => {
  // Taken away once, and this failed: `killSessions` at a takeover (projections stood still until the server's own limit), and the search
  // for a keyed command's own commit, in the repository and in the store (65 additions took effect twice).
  it(
    `keeps every acknowledged event once, and its read models equal to the log, over ${KILLS} kills (seed ${SEED}) [W-2, W-3, P-1, P-4]`,
    { timeout: 150_000 },
    async () => {
      const random = seeded(SEED);
      const database = own.client.db(`kill_${randomUUID().slice(0, 8)}`);
      const ledger = new Ledger();
      const resumed: number[] = [];
      let worker: WorkerProcess;
      const start = async (): Promise<void> => {
        const orders: WorkerOrders = {
          uri: own.server.uri,
          database: database.databaseName,
          appName: `worker-${randomUUID()}`,
          leaseMs: LEASE_MS,
          callers: 12,
          tallies: 40,
          repeat: ledger.open,
        };
        worker = WorkerProcess.start(orders, ledger);
        appName = orders.appName;
        await worker.ready();
      };
      let appName = '';
      onTestFinished(() => worker.kill());
      await start();
      await worker!.until('the first additions to be projected', async () => (await appliedCount(database)) > 20);

      const kinds = ['in the midst of everything', ...Object.keys(places)];
      for (let kill = 0; kill < KILLS; kill += 1) {
        const place = places[kinds[kill % kinds.length]!];
        const point =
          place &&
          (await FailPoint.set(
            own.client,
            { skip: between(random, 0, 10) },
            { blockTimeMS: 30_000, ...(await place(database)), appName, blockConnection: true },
          ));
        if (point) {
          expect(await point.isMet(20_000)).toBe(true);
        } else {
          const target = ledger.acknowledged.size + between(random, 1, 200);
          await worker!.until('some additions', () => ledger.acknowledged.size >= target);
        }
        await worker!.kill();
        const before = await appliedCount(database);
        await start();
        const watch = Stopwatch.start();
        await worker!.until('the projection to move again', async () => (await appliedCount(database)) > before);
        resumed.push(Math.round(watch.stop()));
        await point?.off();
      }

      await worker!.settled(60_000);
      expect(await judge(database, ledger)).toEqual(INNOCENT);
      expect(ledger.open).toEqual([]);
      // Otherwise nothing was tried: the kills must have met work under way, and repetitions what had taken effect before.
      expect(ledger.acknowledged.size).toBeGreaterThan(500);
      expect(ledger.repeated).toBeGreaterThan(0);
      expect(Math.max(...resumed)).toBeLessThan(LEASE_MS + 2_000);
    },
  );

  it('is taken over by another process within its lease and two seconds [P-4]', { timeout: 60_000 }, async () => {
    const database = own.client.db(`takeover_${randomUUID().slice(0, 8)}`);
    const ledger = new Ledger();
    const orders = { uri: own.server.uri, database: database.databaseName, leaseMs: LEASE_MS, tallies: 5 };
    const first = WorkerProcess.start({ ...orders, appName: 'first', callers: 4 }, ledger);
    onTestFinished(() => first.kill());
    await first.until('the first additions to be projected', async () => (await appliedCount(database)) > 20);
    const second = WorkerProcess.start({ ...orders, appName: 'second', callers: 4 }, ledger);
    onTestFinished(() => second.kill());
    await second.ready();
    const holder = await holdInBatch(own.client, ['first', 'second'], 30_000);
    expect(holder).toBeDefined();
    const [victim, heir] = holder === 'first' ? [first, second] : [second, first];
    await victim.kill();
    const watch = Stopwatch.start();
    const before = await appliedCount(database);
    await heir.until('the other one to project', async () => (await appliedCount(database)) > before);
    const waited = watch.stop();
    await FailPoint.clear(own.client);
    await heir.settled();
    expect(await judge(database, ledger)).toEqual(INNOCENT);
    expect(waited).toBeLessThan(LEASE_MS + 2_000);
  });
});
