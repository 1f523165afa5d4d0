import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { waitFor } from '../support/wait-for.js';
import { acceptsConnections } from './accepts-connections.js';
import type { Watchdog } from './watchdog.js';

const READY_WITHIN_MS = 60_000;

/** One start of a server. @internal */
export interface Launch {
  /** Names the process in messages. */
  readonly program: string;
  readonly binary: string;
  readonly args: readonly string[];
  /** Where it listens on 127.0.0.1. */
  readonly port: number;
  /** Default: that of this process. */
  readonly folder?: string;
  /** A new file for what it writes to stdout and stderr. Default: thrown away, for a server that keeps a log itself. */
  readonly output?: string;
  /** Whether it does its work as well, asked from the moment it listens. Default: it does as soon as it listens. */
  ready?(): Promise<boolean>;
  /** Makes the error for one that ended before it was ready, of the reason in a few words. */
  explain(reason: string): Promise<Error>;
}

/** A server as a child process, under a watchdog from the moment it exists. It can be started again after its end. @internal */
export class ServerProcess {
  readonly #watchdog: Watchdog;
  #child: ChildProcess | undefined;

  constructor(watchdog: Watchdog) {
    this.#watchdog = watchdog;
  }

  /** Id of the running process; `undefined` while it does not run. */
  get pid(): number | undefined {
    return this.#running ? this.#child?.pid : undefined;
  }

  /** Starts it and returns when it is ready. Throws what `explain` makes of it when it ends first. */
  async start(launch: Launch): Promise<void> {
    const file = launch.output === undefined ? undefined : await open(launch.output, 'wx');
    const child = this.#spawn(launch, file?.fd);
    let failure: Error | undefined;
    child.once('error', (error) => {
      failure = error;
    });
    await file?.close();
    const what = `${launch.program} on 127.0.0.1:${launch.port} to start`;
    await waitFor({ what, timeoutMs: READY_WITHIN_MS }, async () => {
      if (failure !== undefined || !this.#running) throw await launch.explain(failure?.message ?? endOf(child));
      return (await acceptsConnections(launch.port)) && (launch.ready === undefined || (await launch.ready()));
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

  #spawn({ binary, args, folder }: Launch, output: number | undefined): ChildProcess {
    const child = spawn(binary, args, {
      ...(folder !== undefined && { cwd: folder }),
      // Ctrl-C reaches the whole group of the terminal: in a group of its own the server outlives it until
      // the application has finished what it is writing.
      detached: true,
      stdio: ['ignore', output ?? 'ignore', output ?? 'ignore'],
    });
    this.#child = child;
    const { pid } = child;
    if (pid !== undefined) {
      this.#watchdog.watch(pid);
      child.once('exit', () => this.#watchdog.forget(pid));
    }
    child.unref();
    return child;
  }

  get #running(): boolean {
    const child = this.#child;
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }
}

function endOf(child: ChildProcess): string {
  return `it ended with ${child.signalCode ?? `code ${child.exitCode}`}`;
}
