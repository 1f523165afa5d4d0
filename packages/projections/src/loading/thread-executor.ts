import { Worker } from 'node:worker_threads';
import type { LoadPace } from './load-control.js';
import { LoadThreadFailed, LoadThreadUnfit } from './load-thread.errors.js';
import type { RangeExecutor } from './range-executor.js';
import type { RangeHooks, RangeOutcome } from './range-loader.js';
import { errorOf, type ThreadOrders, type ThreadReport, type ThreadWord } from './thread-protocol.js';
import type { EngineContext } from '../running/engine-context.js';
import { rangeKey } from './load-place.js';

/** A range that the thread works at. */
interface Task {
  readonly range: number;
  readonly resolve: (outcome: RangeOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Where the compiled code of a thread stands; beside the sources there is none. */
export const THREAD_ENTRY = new URL('./load-worker.js', import.meta.url);

/** What is being folded lives for a batch or two: with room for that the collector need not move it. */
const YOUNG_MB = 48;

/** Loads ranges on a worker thread, which begins with the first range and is replaced by a fresh one after it died. */
export class ThreadExecutor implements RangeExecutor {
  private worker: Worker | undefined;
  private task: Task | undefined;
  private current: LoadPace = { paused: false };

  constructor(
    private readonly context: EngineContext,
    private readonly orders: ThreadOrders,
    private readonly hooks: RangeHooks,
    private readonly entry: URL = THREAD_ENTRY,
  ) {}

  async load(range: number, signal: AbortSignal): Promise<RangeOutcome> {
    const worker = (this.worker ??= this.start());
    const stop = (): void => this.tell(worker, { kind: 'stop' });
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await new Promise<RangeOutcome>((resolve, reject) => {
        this.task = { range, resolve, reject };
        this.tell(worker, { kind: 'load', range });
        if (signal.aborted) stop();
      });
    } finally {
      this.task = undefined;
      signal.removeEventListener('abort', stop);
    }
  }

  pace(pace: LoadPace): void {
    this.current = pace;
    if (this.worker !== undefined) this.tell(this.worker, { kind: 'pace', pace });
  }

  /** Asks it to end, and ends it where it does not within `drainMs`. */
  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    if (worker === undefined) return;
    const { environment, settings } = this.context;
    const ended = new AbortController();
    worker.once('exit', () => ended.abort());
    this.tell(worker, { kind: 'close' });
    await environment.sleep(settings.drainMs, ended.signal);
    if (!ended.signal.aborted) await worker.terminate();
  }

  private start(): Worker {
    const worker = new Worker(this.entry, {
      workerData: this.orders,
      name: `load ${this.orders.projection}`,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    let cause: unknown;
    worker.on('message', (report: ThreadReport) => this.hear(report));
    worker.on('error', (error) => (cause = error));
    worker.on('exit', (code) => void this.died(worker, code, cause));
    this.tell(worker, { kind: 'pace', pace: this.current });
    return worker;
  }

  private tell(worker: Worker, word: ThreadWord): void {
    worker.postMessage(word);
  }

  private hear(report: ThreadReport): void {
    const { logger } = this.context;
    switch (report.kind) {
      case 'batch':
        return this.hooks.onBatch(report.range, report.commits, report.events);
      case 'retry':
        return this.hooks.onRetry(errorOf(report.error));
      case 'log':
        return logger[report.level](report.message, report.details);
      case 'outcome':
        return this.task?.resolve(report.outcome);
      case 'failed':
        return this.task?.reject(errorOf(report.error));
      case 'unfit':
        return this.task?.reject(
          new LoadThreadUnfit(`A worker thread cannot load '${this.orders.projection}': ${report.error.message}`, {
            projection: this.orders.projection,
            cause: report.error.code,
          }),
        );
    }
  }

  /** Nobody waits for the lease of a thread that is surely gone. */
  private async died(worker: Worker, exitCode: number, cause: unknown): Promise<void> {
    if (this.worker === worker) this.worker = undefined;
    const { task } = this;
    if (task === undefined) return;
    const { generation, owner, projection } = this.orders;
    const key = rangeKey(generation, task.range);
    await this.free(key, owner);
    const reason = cause instanceof Error ? cause.message : `it ended with ${exitCode}`;
    task.reject(
      new LoadThreadFailed(
        `A worker thread that loaded '${projection}' died: ${reason}.`,
        { projection, generation: generation.id, range: task.range, exitCode },
        { cause },
      ),
    );
  }

  private async free(key: string, owner: string): Promise<void> {
    const { connection, settings } = this.context;
    try {
      // One's own lease is given again at once, and what the dead session holds open is ended with that.
      const lease = await connection.leases.acquire(key, { owner, ttlMs: settings.leaseMs });
      if (lease !== undefined) await connection.leases.release(lease);
    } catch {
      // It expires by itself.
    }
  }
}
