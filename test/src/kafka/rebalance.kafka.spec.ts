import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase, testKafka, type TestKafka } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeTrails } from './judge-topic.js';
import { Killable } from './killable.js';
import { touchOrder } from './order-trail.js';
import { startNode, type TopicNodeOptions } from './topic-node.js';
import { TrailLoad } from './trail-load.js';

/** How often consumers come and go. */
const TIMES = Number(process.env['NESTFOLD_KAFKA_REBALANCES'] ?? 1);
/**
 * Commits that are asked for in a second, events that must have been written, and how long each number of consumers has the load once it shares the
 * partitions. At full length the rate is what is to be shown; the short form runs beside another spec on two cores, and shows only that there was a load.
 */
const [ASKED, WRITTEN, SHARED_MS] = TIMES > 1 ? [500, 500, 4_000] : [200, 50, 1_000];
const [PARTITIONS, MOST_PAUSE_MS] = [6, 10_000];
const KEYS = Array.from({ length: PARTITIONS }, (_, partition) => `topic-trail.1.1/${partition}`);

describe('consumers of a topic', () => {
  const database = testDatabase('topic-rebalance');
  let kafka: TestKafka;
  let options: Omit<TopicNodeOptions, 'roles'>;

  beforeAll(async () => {
    kafka = await testKafka('rebalance');
    const { uri, name } = database;
    options = { uri, database: name, brokers: kafka.brokers, prefix: kafka.prefix, partitions: PARTITIONS };
  });
  afterAll(async () => {
    await kafka.drop();
    await database.drop();
  });

  // Where who takes a partition over begins at its end, it lacks events; where he begins a hundred messages before his place and asks no watermarks, it has them twice.
  it('share partitions anew as they come and go, without losing or doubling anything, and without a long pause [K-3]', async () => {
    const { connection, engine, stop } = await startNode({ ...options, roles: [] });
    // Each is a process, as it would be: in one they would share a core with each other and with who writes.
    const consumer = (...roles: string[]) => new Killable({ ...options, roles: ['projections', ...roles] });
    const [first, others] = [consumer('relay'), [consumer(), consumer()]];
    // A commit is of 1.2 events on average: at full length a fifth more is asked for than must have been written.
    const load = new TrailLoad(connection, { orders: 300, perSecond: ASKED, writers: 64 });
    const sharedBy = (owners: number) =>
      expect
        .poll(
          async () => {
            const held = (await connection.leases.findAll(KEYS)).filter(({ isExpired }) => !isExpired);
            return { held: held.length, owners: new Set(held.map(({ owner }) => owner)).size };
          },
          { timeout: 60_000 },
        )
        .toEqual({ held: PARTITIONS, owners });
    const movedAt = new Map<string, { readonly batch: string; readonly at: number }>();
    let [isOn, longest] = [true, 0];
    const watch = async () => {
      for (const key of KEYS) movedAt.set(key, { batch: '', at: performance.now() });
      while (isOn) {
        for (const { key, batch } of await connection.checkpoints.findAll(KEYS)) {
          const seen = movedAt.get(key)!;
          longest = Math.max(longest, performance.now() - seen.at);
          if (seen.batch !== batch) movedAt.set(key, { batch, at: performance.now() });
        }
        await sleep(50);
      }
    };
    try {
      await first.start();
      await touchOrder(connection, 300);
      await engine.settled({ timeoutMs: 60_000 });
      await sharedBy(1);
      const watching = watch();
      await load.during(async () => {
        await sleep(SHARED_MS);
        for (let time = 0; time < TIMES; time += 1) {
          await Promise.all(others.map((other) => other.start()));
          await sharedBy(3);
          await sleep(SHARED_MS);
          await Promise.all(others.map((other) => other.stop()));
          await sharedBy(1);
          await sleep(SHARED_MS);
        }
      });
      isOn = false;
      await watching;
      await engine.settled({ timeoutMs: 60_000 });
      expect(await judgeTrails(connection, engine)).toEqual([]);
    } finally {
      isOn = false;
      for (const one of [first, ...others]) await one.stop();
      await stop();
    }
    console.log(
      `topic rebalance: ${TIMES} times 1 → 3 → 1, ${load.events} events, ${Math.round(load.perSecond)} a second; the longest that a partition stood still: ${Math.round(longest)} ms`,
    );
    expect(load.failed).toBe(0);
    expect(longest).toBeLessThan(MOST_PAUSE_MS);
    expect(load.perSecond).toBeGreaterThanOrEqual(WRITTEN);
    for (const { trouble } of [first, ...others]) expect(trouble).toBeUndefined();
  }, 200_000);
});
