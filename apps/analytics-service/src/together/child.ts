import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const START_MS = 120_000;
const STOP_MS = 40_000;

/** One of the programs, running. */
export interface Child {
  readonly name: string;
  /** Where it answers. Rejects where it ends before, or takes longer than two minutes. */
  readonly address: Promise<string>;
  /** When it has ended. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** How a program is started. */
export interface ChildOptions {
  readonly name: string;
  /** Its compiled `main.js`. */
  readonly main: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Hears its lines, with its name before them. */
  readonly say: (line: string) => void;
}

/** Starts a program in a process of its own, which ends with this one however this one ends: by the channel between them. */
export function startChild({ name, main, env, say }: ChildOptions): Child {
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const ended = once(child, 'exit');
  const lines = [child.stdout, child.stderr].flatMap((stream) => (stream === null ? [] : [createInterface(stream)]));
  const address = new Promise<string>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`The ${name} was not ready within ${START_MS / 1_000} s.`)),
      START_MS,
    );
    late.unref();
    for (const one of lines)
      one.on('line', (line) => {
        say(`${name.padEnd(9)} | ${line}`);
        const found = /is ready at (http:\S+)/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
    const failed = (): void => reject(new Error(`The ${name} did not start: see above.`));
    void ended.then(failed, failed).finally(() => clearTimeout(late));
  });
  // Whoever does not wait for it any more has other news.
  address.catch(() => undefined);
  ended.catch(() => undefined);
  return { name, address, ended, stop };

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended.finally(() => clearTimeout(limit));
  }
}
