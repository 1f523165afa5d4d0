import type { Generation, LoadRange } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';
import { RateMeter } from '../running/rate-meter.js';
import { processedOf } from './load-place.js';

const REPORT_MS = 1_000;

/** How a load goes, counted over all threads of this process and, from what they report, over all other processes. */
export class LoadProgress {
  private readonly processed: number[];
  private readonly reported: number[];
  private readonly meter: RateMeter;
  private reportedAt = 0;

  constructor(
    private readonly context: EngineContext,
    private readonly generation: Pick<Generation, 'id'>,
    ranges: readonly LoadRange[],
  ) {
    this.processed = ranges.map((range) => range.processed);
    this.reported = [...this.processed];
    this.meter = new RateMeter(context.environment);
  }

  /** Commits that this process has taken, and the events among them that were applied. */
  add(range: number, commits: number, events: number): void {
    this.processed[range] = (this.processed[range] ?? 0) + commits;
    this.meter.add(events);
  }

  /** What others have reported meanwhile. */
  learn(ranges: readonly LoadRange[]): void {
    for (const [index, { processed }] of ranges.entries()) {
      const known = this.processed[index] ?? 0;
      if (processed > known) this.meter.add(processed - known);
      this.processed[index] = Math.max(known, processed);
      this.reported[index] = Math.max(this.reported[index] ?? 0, processed);
    }
  }

  /** Reports at most once a second; at the `end` all that was not reported yet. */
  async report(when: 'due' | 'end'): Promise<void> {
    const { environment, connection } = this.context;
    if (when === 'due' && environment.now() - this.reportedAt < REPORT_MS) return;
    this.reportedAt = environment.now();
    for (const [index, processed] of this.processed.entries()) {
      if (processed === this.reported[index]) continue;
      this.reported[index] = processed;
      await connection.generations.reportLoad(this.generation.id, index, { processed, done: false });
    }
    const sum = processedOf(this.processed.map((processed) => ({ processed, done: false })));
    const total = Math.max(sum, await connection.feed.estimateCommits());
    const rate = when === 'end' ? 0 : this.meter.rate;
    await connection.generations.report(this.generation.id, { processed: sum, total, rate }, 'load');
  }
}
