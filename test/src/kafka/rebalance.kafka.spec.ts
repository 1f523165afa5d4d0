import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase, testKafka, type TestKafka } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeTrails } from './judge-topic.js';
import { touchOrder } from './order-trail.js';
import { startNode, type TopicNodeOptions } from './topic-node.js';

const [PARTITIONS, PER_SECOND, MOST_PAUSE_MS] = [6, 500, 10_000];
/** How often consumers come and go. At full length a run that does not reach its rate shows nothing, and fails. */
const TIMES = Number(process.env['NESTFOLD_KAFKA_REBALANCES'] ?? 1);
const IS_FULL = TIMES > 1;

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

  it('share partitions anew as they come and go, without losing or doubling anything, and without a long pause [K-3]', async () => {
    const first = await startNode({ ...options, roles: ['relay', 'projections'] });
    await touchOrder(first.connection, 300);
    await first.engine.settled({ timeoutMs: 30_000 });
    const keys = Array.from({ length: PARTITIONS }, (_, partition) => `topic-trail.1.1/${partition}`);
    const movedAt = new Map(keys.map((key) => [key, { batch: '', at: performance.now() }]));
    let [isOn, longest, asked, written] = [true, 0, 0, 0];
    const watching = (async () => {
      while (isOn) {
        for (const { key, batch } of await first.connection.checkpoints.findAll(keys)) {
          const seen = movedAt.get(key)!;
          longest = Math.max(longest, performance.now() - seen.at);
          if (seen.batch !== batch) movedAt.set(key, { batch, at: performance.now() });
        }
        await sleep(50);
      }
    })();
    const begun = performance.now();
    const writing = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (isOn) {
          if (asked >= ((performance.now() - begun) / 1_000) * PER_SECOND) {
            await sleep(2);
            continue;
          }
          // Each commit is of one event.
          asked += 1;
          const events = await touchOrder(first.connection, 300, 1);
          written += events;
        }
      }),
    );
    await sleep(3_000);
    for (let time = 0; time < TIMES; time += 1) {
      const others = [
        await startNode({ ...options, roles: ['projections'] }),
        await startNode({ ...options, roles: ['projections'] }),
      ];
      await sleep(6_000);
      for (const other of others) await other.stop();
      await sleep(4_000);
    }
    isOn = false;
    await Promise.all([writing, watching]);
    const perSecond = Math.round(written / ((performance.now() - begun) / 1_000));
    await first.engine.settled({ timeoutMs: 60_000 });
    expect(await judgeTrails(first.connection, first.engine)).toEqual([]);
    console.log(
      `topic rebalance: ${TIMES} times 1 → 3 → 1, ${written} events, ${perSecond} a second; the longest that a partition stood still: ${Math.round(longest)} ms`,
    );
    expect(longest).toBeLessThan(MOST_PAUSE_MS);
    if (IS_FULL) expect(perSecond).toBeGreaterThanOrEqual(0.98 * PER_SECOND);
    await first.stop();
  }, 200_000);
});
