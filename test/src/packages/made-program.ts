import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { environment } from './packed.js';

/** A program of a made application, running. */
export interface MadeProgram {
  /** Answers the first match among the lines that it has printed and will print. Rejects with all of them where it ends before, or takes too long. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** As Ctrl-C does; answers the exit code. */
  stop(): Promise<number | null>;
}

/** Starts a program with this Node, in the environment of whoever installed it. */
export function startMade(
  where: string,
  program: string,
  settings: Readonly<Record<string, string>>,
  withinMs = 120_000,
): MadeProgram {
  const child = spawn(process.execPath, [program], {
    cwd: where,
    env: { ...environment(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const lines: string[] = [];
  const heard = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => {
      lines.push(line);
      for (const look of heard) look();
    });
  return {
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const done = (): void => {
          clearTimeout(late);
          heard.delete(look);
        };
        const look = (): void => {
          const [found] = lines.map((line) => pattern.exec(line)).filter((match) => match !== null);
          if (found === undefined) return;
          done();
          resolve(found);
        };
        const fail = (why: string) => (): void => {
          done();
          reject(new Error(`${program} ${why} before it said ${String(pattern)}:\n${lines.join('\n')}`));
        };
        const late = setTimeout(fail('took too long'), withinMs);
        heard.add(look);
        void ended.then(fail('ended'));
        look();
      }),
    stop: async () => {
      child.kill('SIGINT');
      return (await ended)[0];
    },
  };
}
