import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka, testDatabase, type KafkaBroker } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeTopic, judgeTrails, messagesOf } from './judge-topic.js';
import { touchOrder } from './order-trail.js';
import { startNode } from './topic-node.js';

const AWAY_MS = Number(process.env['NESTFOLD_KAFKA_AWAY_S'] ?? 3) * 1_000;
/** A command that takes longer has waited for something that it need not wait for. */
const LONGEST_COMMAND_MS = 5_000;

describe('broker that is away', () => {
  const database = testDatabase('topic-away');
  let broker: KafkaBroker;

  beforeAll(async () => {
    broker = await startKafka({ ephemeral: {}, ignoreBrokers: true });
  });
  afterAll(async () => {
    await broker.stop();
    await database.drop();
  });

  it(`fails no command for ${AWAY_MS / 1_000} s, and all that was stored meanwhile gets to the topic and its readers afterwards [K-2]`, async () => {
    const { uri, name } = database;
    const node = await startNode({
      uri,
      database: name,
      brokers: broker.brokers,
      prefix: 'away',
      partitions: 3,
      roles: ['relay', 'projections'],
    });
    await touchOrder(node.connection, 100);
    await node.engine.settled({ timeoutMs: 30_000 });
    let [isOn, written, failed, longest] = [true, 0, 0, 0];
    const writing = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (isOn) {
          const begun = performance.now();
          await touchOrder(node.connection, 100).then(
            () => (written += 1),
            () => (failed += 1),
          );
          longest = Math.max(longest, performance.now() - begun);
          await sleep(15);
        }
      }),
    );
    await sleep(1_000);
    await broker.kill();
    const before = written;
    await sleep(AWAY_MS);
    const meanwhile = written - before;
    const back = performance.now();
    await broker.restart();
    isOn = false;
    await writing;
    await node.engine.settled({ timeoutMs: 60_000 });
    const drained = Math.round(performance.now() - back);
    expect(failed).toBe(0);
    expect(meanwhile).toBeGreaterThan(AWAY_MS / 100);
    expect(longest).toBeLessThan(LONGEST_COMMAND_MS);
    expect(await judgeTrails(node.connection, node.engine)).toEqual([]);
    expect(await judgeTopic(node.connection, await messagesOf(node.transport, 'order'))).toEqual([]);
    console.log(
      `broker away: ${meanwhile} commits in ${AWAY_MS / 1_000} s, the longest took ${Math.round(longest)} ms; all read ${drained} ms after its start was begun`,
    );
    await node.stop();
  }, 240_000);
});
