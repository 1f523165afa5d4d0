import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from '../support/until.js';
import type { Ledger } from './ledger.js';
import type { WorkerOrders, WorkerReport } from './worker-protocol.js';

// Another process cannot load TypeScript: it takes the build, which `tsc -b` makes before these tests.
const entry = fileURLToPath(new URL('../../dist/crash/worker.js', import.meta.url));

/** A worker in a process of its own; what it says goes into the ledger. */
export class WorkerProcess {
  /** How many answers of its read model it has looked at. */
  answered = 0;
  private failure: string | undefined;
  private isReady = false;
  private isSettled = false;
  private complaints = '';
  private isKilled = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly ledger: Ledger,
  ) {
    createInterface({ input: child.stdout! }).on('line', (line) => this.hear(line));
    child.stderr!.on('data', (chunk: Buffer) => (this.complaints += chunk.toString()));
  }

  static start(orders: WorkerOrders, ledger: Ledger): WorkerProcess {
    return new WorkerProcess(
      spawn(process.execPath, [entry, JSON.stringify(orders)], { stdio: ['pipe', 'pipe', 'pipe'] }),
      ledger,
    );
  }

  /** Until its engine runs. */
  ready(limitMs?: number): Promise<unknown> {
    return this.until('a worker to be ready', () => this.isReady, limitMs);
  }

  /** Ends the additions; answers when everything is projected. */
  async settled(limitMs?: number): Promise<void> {
    this.child.stdin!.write('quiet\n');
    await this.until('a worker to be settled', () => this.isSettled, limitMs);
  }

  /** Ends it as a deploy does, and answers when it has ended. */
  async leave(limitMs = 20_000): Promise<void> {
    this.isKilled = true;
    this.child.stdin!.write('leave\n');
    await until('a worker to leave', async () => this.child.exitCode !== null, limitMs);
    if (this.child.exitCode !== 0) this.failure ??= `it left with ${this.child.exitCode}: ${this.complaints}`;
  }

  /** Ends it as a power cut would, and answers when all that it had said is heard. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, 'close');
    this.isKilled = true;
    this.child.kill('SIGKILL');
    await closed;
  }

  /** Stops it as a machine does that has more to do, and lets it go on as if nothing had been. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  /** What went wrong in it by itself, and not by our doing. */
  get trouble(): string | undefined {
    if (this.failure !== undefined) return this.failure;
    const ended = this.child.exitCode !== null || this.child.signalCode !== null;
    return ended && !this.isKilled ? `it ended with ${this.child.exitCode}: ${this.complaints}` : undefined;
  }

  /** Waits for a condition, and fails at once when the worker has failed. */
  until(what: string, condition: () => boolean | Promise<boolean>, limitMs?: number): Promise<unknown> {
    const check = async (): Promise<boolean> => {
      if (this.failure !== undefined) throw new Error(`The worker failed: ${this.failure}`);
      if (this.child.exitCode !== null)
        throw new Error(`The worker ended with ${this.child.exitCode}: ${this.complaints}`);
      return condition();
    };
    return until(what, check, limitMs);
  }

  private hear(line: string): void {
    const report = JSON.parse(line) as WorkerReport;
    if (report.kind === 'failed') this.failure = report.message;
    else if (report.kind === 'ready') this.isReady = true;
    else if (report.kind === 'settled') this.isSettled = true;
    else if (report.kind === 'answered') this.answered = report.count;
    else this.ledger.note(report);
  }
}
