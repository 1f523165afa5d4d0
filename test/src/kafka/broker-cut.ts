import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka, type TcpProxy } from '@nestfold/dev-stack';
import { clock } from '../support/clock.js';
import { until } from '../support/until.js';
import { judgeTopic, judgeTrails, messagesOf } from './judge-topic.js';
import { Killable } from './killable.js';
import { touchOrder } from './order-trail.js';
import { startNode } from './topic-node.js';
import { TrailLoad } from './trail-load.js';

/** What the network does, and for how long: nothing passes; nothing passes, and what was open is dead afterwards; or 64 kB a second pass. */
export interface NetworkFault {
  readonly kind: 'cut' | 'forgotten' | 'slow';
  readonly ms: number;
}

/** Which database, and what becomes of the network between its services and the broker. */
export interface BrokerCutOptions {
  readonly uri: string;
  readonly database: string;
  readonly faults: readonly NetworkFault[];
  /** Hears of each fault: when it began, and when all partitions were read again behind its end; by `clock()`. */
  readonly onTime: (from: number, healed: number) => void;
}

/** What was seen of it. Times are milliseconds. */
export interface BrokerCut {
  readonly written: number;
  readonly failed: number;
  /** Of the longest append. */
  readonly longest: number;
  /** From the end of a fault until each partition was read on, the longest. */
  readonly rejoined: number;
  /** From the end of a fault until everything was read, the longest. */
  readonly drained: number;
  /** Messages that were read while the network was slow, the fewest; nothing where it never was. */
  readonly readSlowly: number | undefined;
  /** Messages that came again. */
  readonly repeated: number;
  /** What ended, or differs in topic and read models, in words. */
  readonly wrong: readonly string[];
}

const [PARTITIONS, ORDERS, SLOW_BYTES, DRAIN_MS] = [3, 300, 64_000, 120_000];

/** Lets a relay and a reader, each in a process of its own, reach their broker through a bad network only, under a load of appends; then compares all with the store. */
export async function brokerCut({ uri, database, faults, onTime }: BrokerCutOptions): Promise<BrokerCut> {
  const broker = await startKafka({ ephemeral: { proxied: true }, ignoreBrokers: true });
  const proxy = broker.proxy!;
  const own = { uri, database, prefix: 'cut', partitions: PARTITIONS };
  const behind = (role: string) => new Killable({ ...own, brokers: [proxy.address], roles: [role] });
  const services = [behind('relay'), behind('projections')];
  try {
    const judge = await startNode({ ...own, brokers: broker.brokers, roles: [] });
    for (const service of services) await service.start();
    await touchOrder(judge.connection, ORDERS);
    await judge.engine.settled({ timeoutMs: 30_000 });
    const load = new TrailLoad(judge.connection, { orders: ORDERS, perSecond: 200, writers: 4 });
    let [rejoined, drained, readSlowly] = [0, 0, Infinity];
    const places = async (): Promise<readonly number[]> => {
      const keys = Array.from({ length: PARTITIONS }, (_, partition) => `topic-trail.1.1/${partition}`);
      const found = new Map(
        (await judge.connection.checkpoints.findAll(keys)).map(({ key, position }) => [key, position]),
      );
      return keys.map((key, partition) => {
        const position = found.get(key);
        return position?.phase === 'topic' ? (position.next[partition] ?? 0) : 0;
      });
    };
    for (const { kind, ms } of faults) {
      const healed = await load.during(async () => {
        await sleep(1_000);
        const from = clock();
        begin(proxy, kind);
        // What was on its way when it began has arrived.
        await sleep(Math.min(1_000, ms / 2));
        const before = await places();
        await sleep(Math.max(ms - 1_000, ms / 2));
        const after = await places();
        if (kind === 'slow') readSlowly = Math.min(readSlowly, sum(after) - sum(before));
        proxy.pass();
        const healedAt = clock();
        const isRead = async () => (await places()).every((place, partition) => place > after[partition]!);
        await until('every partition to be read on', isRead, DRAIN_MS);
        rejoined = Math.max(rejoined, clock() - healedAt);
        onTime(from, healedAt);
        return healedAt;
      });
      await judge.engine.settled({ timeoutMs: DRAIN_MS });
      drained = Math.max(drained, clock() - healed);
    }
    const messages = await messagesOf(judge.transport, 'order');
    const wrong = [
      ...services.flatMap(({ trouble }) => (trouble === undefined ? [] : [trouble])),
      ...(await judgeTrails(judge.connection, judge.engine)),
      ...(await judgeTopic(judge.connection, messages)),
    ];
    const repeated =
      messages.length - new Set(messages.map(({ stream, firstVersion }) => `${stream}:${firstVersion}`)).size;
    await judge.stop();
    const read = Number.isFinite(readSlowly) ? readSlowly : undefined;
    const { commits: written, failed, longest } = load;
    return { written, failed, longest, rejoined, drained, readSlowly: read, repeated, wrong };
  } finally {
    for (const service of services) await service.kill();
    await broker.stop();
  }
}

function begin(proxy: TcpProxy, kind: NetworkFault['kind']): void {
  if (kind === 'slow') proxy.slow(SLOW_BYTES);
  else proxy.cut({ forgets: kind === 'forgotten' });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
