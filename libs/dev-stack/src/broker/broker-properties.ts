/** Settings of a broker, by Kafka's names. @publicApi */
export type BrokerProperties = Readonly<Record<string, string>>;

/** What a broker of the dev stack is made of. @internal */
export interface BrokerSettings {
  /** Holds data, log and settings. */
  readonly folder: string;
  /** Where clients find it. */
  readonly port: number;
  /** Where it finds itself: the part that keeps the cluster's metadata. */
  readonly controllerPort: number;
  /** A second way in for clients that come through a proxy, and the port of that proxy. */
  readonly behindProxy?: { readonly port: number; readonly proxyPort: number };
  /** Memory of its Java in MB. */
  readonly heapMb: number;
  /** The caller's own settings, which replace ours of the same name. */
  readonly extra: BrokerProperties;
}

/** Where the data lies in the broker's folder, which is the folder that it is started in: no path needs to be told. @internal */
export const DATA = 'data';

/**
 * The settings of one broker that is its own controller: everything there is once, listens on 127.0.0.1 only, and no topic is
 * made because somebody misspelled another.
 * @internal
 */
export function brokerProperties(settings: BrokerSettings): BrokerProperties {
  const { port, controllerPort, behindProxy } = settings;
  const at = (name: string, on: number) => `${name}://127.0.0.1:${on}`;
  const proxied = behindProxy && { own: at('PROXIED', behindProxy.port), told: at('PROXIED', behindProxy.proxyPort) };
  const open = at('PLAINTEXT', port);
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: [open, at('CONTROLLER', controllerPort), ...(proxied ? [proxied.own] : [])].join(','),
    // A client comes back to the address that it is told here, whichever way it came in.
    'advertised.listeners': [open, ...(proxied ? [proxied.told] : [])].join(','),
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': `${DATA}/topics`,
    // Apart from the topics: only then does Kafka lock it before it writes there, and a second start on a kept folder harms nothing.
    'metadata.log.dir': `${DATA}/metadata`,
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    // A group's first member waits 3 s for others by default.
    'group.initial.rebalance.delay.ms': '0',
    // After a kill the new process is refused as a double until the session of the old one is over: 9 s by default.
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '250',
    'auto.create.topics.enable': 'false',
    // A quarter of the memory by default, for compaction that has next to nothing to do here.
    'log.cleaner.dedupe.buffer.size': '8388608',
    ...settings.extra,
  };
}

/** The file that Java reads the settings from: Latin-1 with escapes. @internal */
export function propertiesText(properties: BrokerProperties): string {
  return Object.entries(properties)
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}\n`)
    .join('');
}

function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll(/[=: #!]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
