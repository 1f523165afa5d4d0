import { mkdir, rm } from 'node:fs/promises';
import { ServerProcess } from '../process/server-process.js';
import type { Watchdog } from '../process/watchdog.js';
import { mongodArguments, type MongodSettings } from './mongod-arguments.js';
import { readFindings } from './mongod-log.js';
import { MongodStartError } from './mongod-start.error.js';

/**
 * One mongod as a child process, under a watchdog from the moment it exists.
 * @internal
 */
export class MongodProcess {
  readonly #binary: string;
  readonly #process: ServerProcess;
  readonly settings: MongodSettings;

  constructor(binary: string, settings: MongodSettings, watchdog: Watchdog) {
    this.#binary = binary;
    this.settings = settings;
    this.#process = new ServerProcess(watchdog);
  }

  /** Id of the running process; `undefined` while it does not run. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  get host(): string {
    return `127.0.0.1:${this.settings.port}`;
  }

  /** Starts mongod and returns when it accepts connections. Throws `MongodStartError` when it ends first. */
  async start(): Promise<void> {
    const { dataFolder, logFile, port } = this.settings;
    await mkdir(dataFolder, { recursive: true });
    // The log explains a failed start; an older one would explain the wrong start.
    await rm(logFile, { force: true });
    await this.#process.start({
      program: 'mongod',
      binary: this.#binary,
      args: mongodArguments(this.settings),
      port,
      explain: async (reason) =>
        new MongodStartError(`on ${this.host} with ${dataFolder}`, reason, await readFindings(logFile)),
    });
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
