import type { Generation, ProgressPart } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';

const REPORT_MS = 1_000;
/** So many parts report each second; of more each one less often, since all write to one document. */
const PARTS_A_SECOND = 4;
const REPORT_LIVE_MS = 5_000;

/** Tells everybody how one part of a generation goes: how far its build is, and its rate. */
export class BuildProgress {
  private processed: number;
  private reported: number;
  private total: number;
  private rate = 0;
  private reportedAt: number;
  private reportedRate = -1;
  private isBuilding: boolean;

  constructor(
    private readonly context: EngineContext,
    private readonly generation: Generation,
    /** Which part: a partition's number. */
    private readonly name: string,
  ) {
    this.processed = this.reported = generation.parts?.[name]?.processed ?? 0;
    this.total = generation.progress.total;
    this.isBuilding = generation.state === 'building';
    this.reportedAt = context.environment.now() - (this.isBuilding ? REPORT_MS : 0);
  }

  /** What it comes to by now. */
  get part(): ProgressPart {
    return { processed: this.processed, rate: this.rate };
  }

  /** Counts commits that were read, and reports now and then. */
  async add(read: number, rate: number): Promise<void> {
    this.rate = rate;
    if (this.isBuilding) this.processed += read;
    const age = this.context.environment.now() - this.reportedAt;
    if (this.isBuilding ? age < this.reportMs : age < REPORT_LIVE_MS || rate === this.reportedRate) return;
    await this.report();
  }

  /** The build is done, and the swap has told of it: what is read from now on does not count. */
  end(): void {
    this.isBuilding = false;
    this.total = this.reported = this.processed;
  }

  /** Tells what nobody was told yet: whoever goes on, or looks at a build that ended otherwise, is to find all of it. */
  async flush(): Promise<void> {
    if (this.isBuilding && this.processed !== this.reported) await this.report();
  }

  private get reportMs(): number {
    return REPORT_MS * Math.ceil(this.generation.partitions / PARTS_A_SECOND);
  }

  private async report(): Promise<void> {
    const { environment, connection } = this.context;
    this.reportedAt = environment.now();
    this.reportedRate = this.rate;
    this.reported = this.processed;
    if (this.isBuilding) this.total = Math.max(this.processed, await connection.feed.estimateCommits());
    const { processed, total, rate } = this;
    await connection.generations.report(this.generation.id, { processed, total, rate }, this.name);
  }
}
