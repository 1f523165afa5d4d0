import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LoaderOrders } from './loader.js';

// Another process cannot load TypeScript: it takes the build, which `tsc -b` makes before these tests.
const entry = fileURLToPath(new URL('../../dist/load/loader.js', import.meta.url));

/** A loading process, and what it said. */
export class LoaderProcess {
  readonly lines: { readonly level: string; readonly message: string; readonly details?: Record<string, unknown> }[] =
    [];
  private complaints = '';

  private constructor(private readonly child: ChildProcess) {
    createInterface({ input: child.stdout! }).on('line', (line) => this.lines.push(JSON.parse(line) as never));
    child.stderr!.on('data', (chunk: Buffer) => (this.complaints += chunk.toString()));
  }

  static start(orders: LoaderOrders): LoaderProcess {
    return new LoaderProcess(
      spawn(process.execPath, [entry, JSON.stringify(orders)], { stdio: ['pipe', 'pipe', 'pipe'] }),
    );
  }

  /** Throws when it has ended by itself. */
  check(): void {
    if (this.child.exitCode !== null) throw new Error(`It ended with ${this.child.exitCode}: ${this.complaints}`);
  }

  /** What it said at a level, or of something. */
  said(about: string): string[] {
    return this.lines
      .map(({ level, message, details }) => `${level}: ${message} ${JSON.stringify(details ?? {})}`)
      .filter((line) => line.includes(about));
  }

  /** Stops it as a machine does that has more to do, its threads too, and lets it go on as if nothing had been. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await closed;
  }
}
