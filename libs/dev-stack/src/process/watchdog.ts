import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

// Two levels above both `src/process` and `dist/process`, so the same address serves source and build.
const SCRIPT = fileURLToPath(new URL('../../scripts/watchdog.mjs', import.meta.url));

/** What is left to do when the owner of the servers is gone. @internal */
export interface WatchdogDuty {
  /** Time between SIGTERM and SIGKILL; 0 kills at once, for data that is thrown away. */
  readonly graceMs: number;
  /** Deleted after the last server has ended. */
  readonly removeFolder?: string;
}

/**
 * A small process of its own that ends the watched server processes as soon as this process ends, by
 * itself, by Ctrl-C or by kill -9. It costs nothing while it waits.
 * @internal
 */
export class Watchdog {
  readonly #process: ChildProcess;
  readonly #folder: string | undefined;

  constructor(duty: WatchdogDuty) {
    this.#folder = duty.removeFolder;
    const folder = this.#folder === undefined ? [] : [this.#folder];
    this.#process = spawn(process.execPath, [SCRIPT, String(duty.graceMs), ...folder], {
      // Its own session: what ends this process and its group must not end the watchdog.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      // Debugger and loader flags of this process are none of the watchdog's business.
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    this.#process.unref();
    const stdin = this.#process.stdin;
    if (stdin instanceof Socket) stdin.unref();
    // A watchdog that was killed must not take this process with it by a broken pipe.
    stdin?.on('error', () => undefined);
  }

  /** Puts a process under watch; call it in the same turn as the spawn. */
  watch(pid: number): void {
    this.#process.stdin?.write(`+${pid}\n`);
  }

  /** Takes an ended process off the list, so that a later owner of its id is safe. */
  forget(pid: number): void {
    this.#process.stdin?.write(`-${pid}\n`);
  }

  /** Ends what is still watched, deletes the folder, and returns when the watchdog itself is gone. */
  async dismiss(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exit = once(this.#process, 'exit');
      this.#process.ref();
      this.#process.stdin?.end();
      await exit;
    }
    // Already done by the watchdog, unless somebody has killed it.
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}
