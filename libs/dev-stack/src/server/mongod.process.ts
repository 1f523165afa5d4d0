import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { waitFor } from '../support/wait-for.js';
import { mongodArguments, type MongodSettings } from './mongod-arguments.js';
import { readFindings } from './mongod-log.js';
import { MongodStartError } from './mongod-start.error.js';
import type { Watchdog } from './watchdog.js';

const READY_WITHIN_MS = 60_000;

/**
 * One mongod as a child process, under a watchdog from the moment it exists.
 * @internal
 */
export class MongodProcess {
  readonly #binary: string;
  readonly #watchdog: Watchdog;
  readonly settings: MongodSettings;
  #child: ChildProcess | undefined;

  constructor(binary: string, settings: MongodSettings, watchdog: Watchdog) {
    this.#binary = binary;
    this.settings = settings;
    this.#watchdog = watchdog;
  }

  /** Id of the running process; `undefined` while it does not run. */
  get pid(): number | undefined {
    return this.#running ? this.#child?.pid : undefined;
  }

  get host(): string {
    return `127.0.0.1:${this.settings.port}`;
  }

  /** Starts mongod and returns when it accepts connections. Throws `MongodStartError` when it ends first. */
  async start(): Promise<void> {
    await mkdir(this.settings.dataFolder, { recursive: true });
    // The log explains a failed start; an older one would explain the wrong start.
    await rm(this.settings.logFile, { force: true });
    const child = spawn(this.#binary, mongodArguments(this.settings), {
      // Ctrl-C reaches the whole group of the terminal: in a group of its own mongod outlives it until
      // the application has finished what it is writing.
      detached: true,
      stdio: 'ignore',
    });
    this.#child = child;
    let failure: Error | undefined;
    child.once('error', (error) => {
      failure = error;
    });
    const pid = child.pid;
    if (pid !== undefined) {
      this.#watchdog.watch(pid);
      child.once('exit', () => {
        this.#watchdog.forget(pid);
      });
    }
    child.unref();
    await waitFor({ what: `mongod on ${this.host} to accept connections`, timeoutMs: READY_WITHIN_MS }, async () => {
      if (failure !== undefined || !this.#running) throw await this.#explain(child, failure);
      return acceptsConnections(this.settings.port);
    });
  }

  /** Sends the signal and returns when the process is gone. Does nothing when it does not run. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.#running) return;
    const exit = once(child, 'exit');
    child.ref();
    child.kill(signal);
    await exit;
  }

  /** Asks for a clean shutdown, and kills after the grace period. */
  async shutDown(graceMs: number): Promise<void> {
    const kill = setTimeout(() => this.#child?.kill('SIGKILL'), graceMs);
    try {
      await this.end('SIGTERM');
    } finally {
      clearTimeout(kill);
    }
  }

  async #explain(child: ChildProcess, spawnFailure: Error | undefined): Promise<MongodStartError> {
    const { failure, lines } = await readFindings(this.settings.logFile);
    const reason = spawnFailure?.message ?? `it ended with ${child.signalCode ?? `code ${child.exitCode}`}`;
    return new MongodStartError(`on ${this.host} with ${this.settings.dataFolder}`, reason, failure, lines);
  }

  get #running(): boolean {
    const child = this.#child;
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }
}

async function acceptsConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
