import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { KafkaBroker } from '../broker/kafka-broker.js';
import type { StartKafkaOptions } from '../broker/start-kafka.js';
import type { MongoServer } from '../server/mongo-server.js';
import type { StartMongoOptions } from '../server/start-mongo.js';

// Another process cannot load TypeScript: it takes the build, which `tsc -b` makes before these tests.
const BUILD = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

const program = (call: string, told: string) => `
  import { startKafka, startMongo } from ${JSON.stringify(BUILD)};
  const options = JSON.parse(process.argv[1]);
  const ${told} = await ${call};
  console.log(JSON.stringify(${told}));
  process.stdin.on('data', () => process.exit(0)).on('end', () => process.exit(1));
`;

/** A process of its own that has started a server, so that its death can be watched. */
interface Owner {
  readonly pid: number;
  /** Ends it by a signal, or lets it leave by `process.exit` without stopping its server. */
  end(how: NodeJS.Signals | 'exit'): Promise<void>;
}

export type OwnerProcess = Owner & Pick<MongoServer, 'uri' | 'nodes'>;
export type BrokerOwner = Owner & { readonly broker: Pick<KafkaBroker, 'brokers' | 'pid' | 'dataFolder'> };

/** Starts the server in a new process; rejects with what that process says when it fails. */
export async function startOwner(options: StartMongoOptions): Promise<OwnerProcess> {
  const source = program('startMongo({ ...options, ignoreUri: true })', '{ uri, nodes }');
  const { told, ...owner } = await startProcess<Pick<MongoServer, 'uri' | 'nodes'>>(source, options);
  return { ...told, ...owner };
}

/** The same with a Kafka. */
export async function startBrokerOwner(options: StartKafkaOptions): Promise<BrokerOwner> {
  const source = program('startKafka({ ...options, ignoreBrokers: true })', '{ brokers, pid, dataFolder }');
  const { told, ...owner } = await startProcess<BrokerOwner['broker']>(source, options);
  return { broker: told, ...owner };
}

async function startProcess<T>(source: string, options: object): Promise<Owner & { readonly told: T }> {
  const owner = spawn(process.execPath, ['--input-type=module', '-e', source, JSON.stringify(options)]);
  onTestFinished(() => void owner.kill('SIGKILL'));
  const exit = once(owner, 'exit');
  // Behind its end there may be more to read of what it said.
  const closed = once(owner, 'close');
  let complaints = '';
  owner.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const line = await Promise.race([
    once(createInterface({ input: owner.stdout }), 'line'),
    closed.then(() => {
      throw new Error(complaints);
    }),
  ]);
  return {
    told: JSON.parse(String(line[0])) as T,
    pid: owner.pid ?? 0,
    end: async (how) => {
      if (how === 'exit') owner.stdin.write('exit\n');
      else owner.kill(how);
      await exit;
    },
  };
}
