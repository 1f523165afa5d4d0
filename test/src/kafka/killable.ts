import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TopicNodeOptions } from './topic-node.js';

// Another process cannot load TypeScript: it takes the build, which `tsc -b` makes before these tests.
const entry = fileURLToPath(new URL('../../dist/kafka/topic-worker.js', import.meta.url));

/** A node in a process of its own, which can be killed and started again. */
export class Killable {
  kills = 0;
  /** That it ended by itself, in words. */
  trouble: string | undefined;
  private child: ChildProcess | undefined;

  constructor(private readonly options: TopicNodeOptions) {}

  async start(): Promise<void> {
    const child = fork(entry, [JSON.stringify(this.options)], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child = child;
    child.once('exit', (code, signal) => {
      if (this.child === child)
        this.trouble = `A process of ${this.options.roles.join(', ')} ended with ${code ?? signal}.`;
    });
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`A node ended with ${code} before it had begun.`);
      }),
    ]);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    if (await this.end((child) => child.kill('SIGKILL'))) this.kills += 1;
  }

  /** As a deployment does: it is asked to, and hands over what it holds. */
  async stop(): Promise<void> {
    await this.end((child) => child.send('stop'));
  }

  /** Whether there was one to end. */
  private async end(how: (child: ChildProcess) => unknown): Promise<boolean> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return false;
    const ended = once(child, 'exit');
    this.child = undefined;
    how(child);
    await ended;
    return true;
  }
}
