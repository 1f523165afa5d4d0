import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolveKafka } from '../kafka/resolve-kafka.js';
import { HEAP_MB } from '../kafka/java-arguments.js';
import { findFreePorts } from '../process/free-port.js';
import { contentOf, produce } from '../testing/kafka-client.fixture.js';
import type { Report } from '../support/progress.js';
import { startBrokerOwner } from '../testing/owner-process.fixture.js';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import type { KafkaBroker } from './kafka-broker.js';
import { runsKafka } from './runs-kafka.js';
import { startKafka } from './start-kafka.js';
import { StartedBroker } from './started.broker.js';

const TOPIC = 'notes';
const topics = [{ name: TOPIC }];

/** Another program, as long as the running test. */
async function occupy(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
}

async function start(root: string, report: Report = () => undefined): Promise<KafkaBroker> {
  const broker = await startKafka({ persistent: { root }, ignoreBrokers: true, topics, report });
  onTestFinished(() => broker.stop());
  return broker;
}

describe('startKafka({ persistent })', () => {
  it('keeps data and address from one start to the next, and the data where another program has taken the port', async () => {
    const root = await temporaryFolder();
    const first = await start(root);
    await produce(first.brokers, TOPIC, 'kept');
    await first.stop();

    const second = await start(root);
    expect(second.brokers).toEqual(first.brokers);
    expect(await contentOf(second.brokers, TOPIC)).toEqual(['kept']);
    await second.stop();

    const port = Number(first.brokers[0]?.split(':')[1]);
    await occupy(port);
    const reports: string[] = [];
    const third = await start(root, (line) => void reports.push(line));
    expect(third.brokers).not.toEqual(first.brokers);
    expect(reports).toContainEqual(expect.stringContaining(`port ${port} is taken by another program; Kafka moved to`));
    expect(await contentOf(third.brokers, TOPIC)).toEqual(['kept']);
  });

  it('knows a port that is taken while it starts', async () => {
    const kafka = await resolveKafka({ ignoreBrokers: true });
    if (kafka.kind !== 'libraries') throw new Error('no libraries');
    const [port = 0, controllerPort = 0] = await findFreePorts(2);
    await occupy(port);
    const settings = { folder: await temporaryFolder(), port, controllerPort, heapMb: HEAP_MB, extra: {} };
    const duty = { graceMs: 0, removeFolder: settings.folder };
    await expect(StartedBroker.start({ kind: 'ephemeral', runtime: kafka, settings, duty })).rejects.toMatchObject({
      failure: 'address-in-use',
    });
  });

  // Removed: the wait for the port that the predecessor still has, after which the broker came up on another one.
  it('waits for the broker of a predecessor that was killed', async () => {
    const root = await temporaryFolder();
    const predecessor = await startBrokerOwner({ persistent: { root }, topics });
    await produce(predecessor.broker.brokers, TOPIC, 'kept');
    await predecessor.end('SIGKILL');

    const broker = await start(root);
    expect(broker.brokers).toEqual(predecessor.broker.brokers);
    expect(await contentOf(broker.brokers, TOPIC)).toEqual(['kept']);
  });

  it('refuses data that is open in another process, and names it', async () => {
    const root = await temporaryFolder();
    const owner = await startBrokerOwner({ persistent: { root }, topics });
    await expect(start(root)).rejects.toMatchObject({
      code: 'DATA_FOLDER_IN_USE',
      message: expect.stringContaining(`in use by process ${owner.pid}, which runs its Kafka on port`) as string,
    });
    await produce(owner.broker.brokers, TOPIC, 'still there');
    expect(await runsKafka(owner.broker.pid ?? 0)).toBe(true);
    expect(await runsKafka(owner.pid)).toBe(false);
  });

  // Removed: the folder of its own for the metadata, after which both wrote there before one was refused.
  it('lets two starts at the same moment share nothing: one runs, one is refused', async () => {
    const root = await temporaryFolder();
    const outcomes = await Promise.allSettled([
      startBrokerOwner({ persistent: { root } }),
      startBrokerOwner({ persistent: { root } }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(String(refused?.reason)).toContain('in use by process');
  });
});
