import { TcpProxy } from '../faults/tcp-proxy.js';
import { HEAP_MB } from '../kafka/java-arguments.js';
import { createEphemeralFolder } from '../process/ephemeral-folder.js';
import { onFreePorts } from '../process/free-port.js';
import type { BrokerProperties } from './broker-properties.js';
import type { KafkaRuntime } from './format-storage.js';
import type { KafkaBroker } from './kafka-broker.js';
import { StartedBroker } from './started.broker.js';

/** A broker whose data is thrown away, for tests and benches. @publicApi */
export interface EphemeralKafkaOptions {
  /** Opens a second way in, through a proxy that loses replies on purpose: `broker.proxy`. Default: false. */
  readonly proxied?: boolean;
  /** Keeps the data on disk rather than in memory, for figures that include the disk. Default: false. */
  readonly onDisk?: boolean;
  /** Memory of the broker's Java in MB. Default: 512. */
  readonly heapMb?: number;
  /** Further settings by Kafka's names, e.g. `{ 'message.max.bytes': '4096' }`; they replace ours of the same name. */
  readonly properties?: BrokerProperties;
}

/** @internal */
export async function startEphemeral(runtime: KafkaRuntime, options: EphemeralKafkaOptions): Promise<KafkaBroker> {
  return onFreePorts(options.proxied ? 3 : 2, (ports) => startOn(ports, runtime, options));
}

async function startOn(
  [port = 0, controllerPort = 0, proxiedPort]: readonly number[],
  runtime: KafkaRuntime,
  options: EphemeralKafkaOptions,
): Promise<KafkaBroker> {
  const folder = await createEphemeralFolder({ product: 'kafka', servers: 1, onDisk: options.onDisk ?? false });
  const proxy = proxiedPort === undefined ? undefined : await TcpProxy.start(proxiedPort, 'kafka');
  return StartedBroker.start({
    kind: 'ephemeral',
    runtime,
    settings: {
      folder,
      port,
      controllerPort,
      ...(proxy !== undefined &&
        proxiedPort !== undefined && { behindProxy: { port: proxiedPort, proxyPort: proxy.port } }),
      heapMb: options.heapMb ?? HEAP_MB,
      extra: options.properties ?? {},
    },
    ...(proxy !== undefined && { proxy }),
    duty: { graceMs: 0, removeFolder: folder },
  });
}
