import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brokerArguments } from '../kafka/java-arguments.js';
import { ServerProcess } from '../process/server-process.js';
import type { Watchdog } from '../process/watchdog.js';
import { readFindings } from './broker-log.js';
import { brokerProperties, DATA, propertiesText, type BrokerSettings } from './broker-properties.js';
import { formatStorage, type KafkaRuntime } from './format-storage.js';
import { KafkaStartError } from './kafka-start.error.js';

// The last that a broker says of its start, in its own log: it has joined its cluster and serves.
const STARTED = 'Kafka Server started';

/** One broker as a child process, under a watchdog from the moment it exists. @internal */
export class BrokerProcess {
  readonly #runtime: KafkaRuntime;
  readonly #watchdog: Watchdog;
  readonly #process: ServerProcess;
  readonly settings: BrokerSettings;

  constructor(runtime: KafkaRuntime, settings: BrokerSettings, watchdog: Watchdog) {
    this.#runtime = runtime;
    this.settings = settings;
    this.#watchdog = watchdog;
    this.#process = new ServerProcess(watchdog);
  }

  /** Id of the running process; `undefined` while it does not run. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  get host(): string {
    return `127.0.0.1:${this.settings.port}`;
  }

  get dataFolder(): string {
    return join(this.settings.folder, DATA);
  }

  get log(): string {
    return join(this.settings.folder, 'kafka.log');
  }

  /** Starts the broker, on a new data folder where there is none, and returns when it serves. Throws `KafkaStartError` when it ends first. */
  async start(): Promise<void> {
    const { folder, heapMb, port } = this.settings;
    const properties = brokerProperties(this.settings);
    await formatStorage(folder, properties, this.#runtime, this.#watchdog);
    // Names of their own until it runs: another start on the same kept folder, which is about to be refused, writes its own.
    const mark = randomBytes(4).toString('hex');
    const [output, file] = [join(folder, `kafka.${mark}.log`), `kafka.${mark}.properties`];
    await writeFile(join(folder, file), propertiesText(properties));
    try {
      await this.#process.start({
        program: 'Kafka',
        binary: this.#runtime.java,
        args: brokerArguments(this.#runtime.libs, heapMb, file),
        port,
        folder,
        output,
        // It listens before it serves; and what listens could be the broker of another start on the same kept folder and port.
        ready: async () => (await readFile(output, 'utf8')).includes(STARTED),
        explain: async (reason) =>
          new KafkaStartError(`on ${this.host} with ${folder}`, reason, await readFindings(output)),
      });
      await rename(output, this.log);
    } finally {
      // The one is read by now, the other has its name or was quoted.
      await Promise.all([rm(join(folder, file), { force: true }), rm(output, { force: true })]);
    }
  }

  /** Sends the signal and returns when the process is gone. Does nothing when it does not run. */
  async end(signal: NodeJS.Signals): Promise<void> {
    await this.#process.end(signal);
  }

  /** Asks for a clean shutdown, and kills after the grace period. */
  async shutDown(graceMs: number): Promise<void> {
    await this.#process.shutDown(graceMs);
  }
}
