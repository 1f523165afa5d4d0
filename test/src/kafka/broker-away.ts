import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka } from '@nestfold/dev-stack';
import { clock } from '../support/clock.js';
import { judgeTopic, judgeTrails, messagesOf } from './judge-topic.js';
import { touchOrder } from './order-trail.js';
import { startNode } from './topic-node.js';
import { TrailLoad } from './trail-load.js';

/** Which database, and how often and for how long the broker is away. */
export interface BrokerAwayOptions {
  readonly uri: string;
  readonly database: string;
  readonly awayMs: number;
  readonly times: number;
  /** Hears of each time: when it was killed, when it was asked to come back, and when all was read again; by `clock()`. */
  readonly onTime?: (killed: number, back: number, drained: number) => void;
}

/** What was seen of it. */
export interface BrokerAway {
  readonly written: number;
  readonly failed: number;
  /** Written while it was away, the least of all times. */
  readonly meanwhile: number;
  /** Milliseconds of the longest append. */
  readonly longest: number;
  /** Milliseconds from the order to come back until everything was read, the longest. */
  readonly drained: number;
  /** What differs in topic and read models, in words. */
  readonly wrong: readonly string[];
}

/** Kills a broker (-9) under a load of appends, and starts it again, some times; then compares the topic and both read models with the store. */
export async function brokerAway({ uri, database, awayMs, times, onTime }: BrokerAwayOptions): Promise<BrokerAway> {
  const broker = await startKafka({ ephemeral: {}, ignoreBrokers: true });
  try {
    const own = { uri, database, brokers: broker.brokers, prefix: 'away', partitions: 3 };
    const node = await startNode({ ...own, roles: ['relay', 'projections'] });
    await touchOrder(node.connection, 100);
    await node.engine.settled({ timeoutMs: 30_000 });
    const load = new TrailLoad(node.connection, { orders: 100, perSecond: 200, writers: 4 });
    let [meanwhile, drained] = [Infinity, 0];
    for (let time = 0; time < times; time += 1) {
      const [killed, back] = await load.during(async () => {
        await sleep(1_000);
        const killedAt = clock();
        await broker.kill();
        const before = load.commits;
        await sleep(awayMs);
        meanwhile = Math.min(meanwhile, load.commits - before);
        const backAt = clock();
        await broker.restart();
        return [killedAt, backAt];
      });
      await node.engine.settled({ timeoutMs: 60_000 });
      drained = Math.max(drained, clock() - back);
      onTime?.(killed, back, clock());
    }
    const wrong = [
      ...(await judgeTrails(node.connection, node.engine)),
      ...(await judgeTopic(node.connection, await messagesOf(node.transport, 'order'))),
    ];
    await node.stop();
    const { commits: written, failed, longest } = load;
    return { written, failed, meanwhile, longest: Math.round(longest), drained: Math.round(drained), wrong };
  } finally {
    await broker.stop();
  }
}
