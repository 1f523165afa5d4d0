import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const START_MS = 120_000;
const STOP_MS = 40_000;
const LAST_LINES = 12;

/** One of the programs, running. */
export interface Child {
  readonly name: string;
  /** Where it answers. Rejects where it ends before, or takes longer than two minutes. */
  readonly address: Promise<string>;
  /** When it has ended: how, with the last lines that it wrote, for whoever has to mend that. */
  readonly ended: Promise<string>;
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
  const last: string[] = [];
  // Not 'exit', which may come before its last lines.
  const ended = once(child, 'close').then(
    ([code, signal]) => endingOf(name, child.pid, signal === null ? `with exit code ${code}` : `by ${signal}`, last),
    (error: unknown) => endingOf(name, child.pid, `since it could not be started: ${String(error)}`, last),
  );
  const lines = [child.stdout, child.stderr].flatMap((stream) => (stream === null ? [] : [createInterface(stream)]));
  const address = new Promise<string>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`The ${name} was not ready within ${START_MS / 1_000} s.`)),
      START_MS,
    );
    late.unref();
    for (const one of lines)
      one.on('line', (line) => {
        say(`${name.padEnd(17)} | ${line}`);
        if (line.trim() !== '') last.push(line);
        if (last.length > LAST_LINES) last.shift();
        const found = /is ready at (http:\S+)/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
    void ended.then((ending) => reject(new Error(ending))).finally(() => clearTimeout(late));
  });
  // Whoever does not wait for it any more has other news.
  address.catch(() => undefined);
  return { name, address, ended, stop };

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(limit);
  }
}

/** What is to be known of a program that ended unasked, and what to do. */
function endingOf(name: string, pid: number | undefined, how: string, last: readonly string[]): string {
  const said = ['Its last lines:', ...last.map((line) => `  ${line}`), 'Mend what they say, then start again: '];
  const silent = ['It had written nothing.', 'Look for who ended it, then start again: '];
  return [
    `The ${name} (process ${pid ?? 'unknown'}) ended ${how}, so all of it is stopped.`,
    `${(last.length > 0 ? said : silent).join('\n')}the data is kept. With LOG_LEVEL=info it writes more.`,
  ].join('\n');
}
