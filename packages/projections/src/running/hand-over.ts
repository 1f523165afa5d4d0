import type { Generation } from '@nestfold/core';
import type { EngineContext } from './engine-context.js';
import { partitionKey } from './keys.js';
import { SHORT_MS } from './partition-claims.js';
import type { PartitionRunner } from './partition-runner.js';

/** Who wants a partition takes it sooner. */
const TAKEN_MS = 250;

/**
 * Gives back partitions one after the other, each when somebody has taken the one before: given all at once they would hold up each other, and each stands
 * still until it is fed again.
 */
export class HandOver {
  private notBefore = 0;

  constructor(private readonly context: EngineContext) {}

  /** What a process has above its share. Where nobody takes one, the others are kept for a while. Never throws; ends early when `signal` aborts. */
  async give(generation: Generation, runners: readonly PartitionRunner[], signal: AbortSignal): Promise<void> {
    const { environment, settings } = this.context;
    if (runners.length === 0 || environment.now() < this.notBefore) return;
    if (!(await this.oneByOne(generation, runners, signal))) this.notBefore = environment.now() + settings.leasePollMs;
  }

  /** All that a process holds that leaves: one by one as long as somebody takes them and there is time, the rest at once. */
  async leave(generation: Generation, runners: readonly PartitionRunner[]): Promise<void> {
    const { environment, settings } = this.context;
    const over = new AbortController();
    void environment.sleep(settings.drainMs / 2, over.signal).then(() => over.abort());
    await this.oneByOne(generation, runners, over.signal);
    over.abort();
    await Promise.all(runners.map((runner) => runner.stop()));
  }

  /** Answers whether each was taken. */
  private async oneByOne(
    generation: Generation,
    runners: readonly PartitionRunner[],
    signal: AbortSignal,
  ): Promise<boolean> {
    const { nodes, logger } = this.context;
    try {
      if ((await nodes.feedersOf(generation.projection, generation.version)) < 2) return false;
      for (const runner of runners) {
        if (signal.aborted) return false;
        await runner.stop();
        if (!(await this.isTaken(partitionKey(generation, runner.partition), signal))) return false;
      }
      return true;
    } catch (error) {
      logger.debug('Partitions are not handed over one by one.', { generation: generation.id, error: String(error) });
      return false;
    }
  }

  private async isTaken(key: string, signal: AbortSignal): Promise<boolean> {
    const { connection, environment } = this.context;
    const until = environment.now() + TAKEN_MS;
    while ((await connection.leases.find(key)) === undefined) {
      if (environment.now() >= until || signal.aborted) return false;
      await environment.sleep(SHORT_MS, signal);
    }
    return true;
  }
}
