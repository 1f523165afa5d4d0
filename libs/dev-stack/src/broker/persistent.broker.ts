import { join } from 'node:path';
import { HEAP_MB } from '../kafka/java-arguments.js';
import { readState } from '../kept/kept-state.js';
import { SHUTDOWN_MS, startOnKept } from '../kept/start-on-kept.js';
import { findFreePorts } from '../process/free-port.js';
import type { Report } from '../support/progress.js';
import type { BrokerProperties } from './broker-properties.js';
import type { KafkaRuntime } from './format-storage.js';
import type { KafkaBroker } from './kafka-broker.js';
import { runsKafka } from './runs-kafka.js';
import { StartedBroker } from './started.broker.js';

/** A broker whose data is kept from one start to the next, for `npm start`. @publicApi */
export interface PersistentKafkaOptions {
  /** The data lies in `<root>/.data/kafka`, unless `folder` says otherwise. */
  readonly root: string;
  /** The folder for the data and the log. */
  readonly folder?: string;
  /** Memory of the broker's Java in MB. Default: 512. */
  readonly heapMb?: number;
  /** Further settings by Kafka's names; they replace ours of the same name. */
  readonly properties?: BrokerProperties;
}

/** @internal */
export async function startPersistent(
  runtime: KafkaRuntime,
  options: PersistentKafkaOptions,
  report: Report,
): Promise<KafkaBroker> {
  const folder = options.folder ?? join(options.root, '.data', 'kafka');
  return startOnKept(
    {
      folder,
      product: 'Kafka',
      program: 'Kafka',
      start: async (port) => {
        const [controllerPort = 0] = await findFreePorts(1);
        return StartedBroker.start({
          kind: 'persistent',
          runtime,
          settings: {
            folder,
            port,
            controllerPort,
            heapMb: options.heapMb ?? HEAP_MB,
            extra: options.properties ?? {},
          },
          duty: { graceMs: SHUTDOWN_MS },
        });
      },
      pidOf: ({ pid }) => pid,
      // Its lock names nobody: only the process that the predecessor had started can be known.
      holder: async () => {
        const pid = (await readState(folder))?.serverPid;
        return pid !== undefined && (await runsKafka(pid)) ? pid : undefined;
      },
    },
    report,
  );
}
