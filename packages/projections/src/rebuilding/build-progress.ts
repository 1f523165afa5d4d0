import type { Generation } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';

const REPORT_MS = 1_000;
const REPORT_LIVE_MS = 5_000;

/** Tells everybody how a generation goes: how far its build is, and its rate. */
export class BuildProgress {
  private processed: number;
  private total = 0;
  private reportedAt: number;
  private reportedRate = -1;
  private isBuilding: boolean;

  constructor(
    private readonly context: EngineContext,
    private readonly generation: Generation,
  ) {
    this.processed = generation.progress.processed;
    this.total = generation.progress.total;
    this.isBuilding = generation.state === 'building';
    this.reportedAt = context.environment.now() - (this.isBuilding ? REPORT_MS : 0);
  }

  /** Counts commits that were read, and reports now and then. */
  async add(read: number, rate: number): Promise<void> {
    if (this.isBuilding) this.processed += read;
    const { environment, connection } = this.context;
    const age = environment.now() - this.reportedAt;
    if (this.isBuilding ? age < REPORT_MS : age < REPORT_LIVE_MS || rate === this.reportedRate) return;
    this.reportedAt = environment.now();
    this.reportedRate = rate;
    if (this.isBuilding) this.total = Math.max(this.processed, await connection.feed.estimateCommits());
    await connection.generations.report(this.generation.id, { processed: this.processed, total: this.total, rate });
  }

  /** The build is done: what is read from now on does not count. */
  async end(): Promise<void> {
    this.isBuilding = false;
    this.total = this.processed;
    await this.context.connection.generations.report(this.generation.id, {
      processed: this.processed,
      total: this.total,
      rate: Math.max(0, this.reportedRate),
    });
  }
}
