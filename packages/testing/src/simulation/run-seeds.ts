import { simulate, type SimulationOptions, type SimulationResult } from './simulate.js';

/** Which seeds to run, and who hears of it. */
export interface SeedsOptions extends SimulationOptions {
  readonly from: number;
  readonly seeds: number;
  /** Stop after so many failures; never by default. */
  readonly stopAfter?: number;
  /** Called after each seed. */
  readonly onSeed?: (result: SimulationResult, done: number) => void;
}

/** What came of them. */
export interface SeedsReport {
  readonly passed: number;
  readonly failed: readonly SimulationResult[];
  /** What was put to the test, added up. */
  readonly counts: SimulationResult['counts'];
}

/** Runs one seed after the other, each on its own. */
export async function runSeeds({ from, seeds, stopAfter, onSeed, ...options }: SeedsOptions): Promise<SeedsReport> {
  const failed: SimulationResult[] = [];
  const counts = { commits: 0, batches: 0, swaps: 0, waits: 0, troubles: 0, steps: 0, virtualMs: 0 };
  let done = 0;
  for (let seed = from; seed < from + seeds && failed.length < (stopAfter ?? Number.POSITIVE_INFINITY); seed += 1) {
    const result = await simulate(seed, options);
    done += 1;
    if (result.violations.length > 0) failed.push(result);
    for (const [name, count] of Object.entries(result.counts)) counts[name as keyof typeof counts] += count;
    onSeed?.(result, done);
  }
  return { passed: done - failed.length, failed, counts };
}
