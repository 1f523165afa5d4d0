import type { Violation } from '../history/history.js';
import { Chance } from './chance.js';
import { Network } from './network.js';
import type { Scenario } from './scenario.js';
import type { Alteration } from './simulated-cluster.js';
import { drawProfile, type SimulationProfile } from './simulation-profile.js';
import { SimulationRun } from './simulation-run.js';
import { Trace } from './trace.js';
import { VirtualClock, VirtualDeadlock } from './virtual-clock.js';

/** How a simulation differs from its defaults. */
export interface SimulationOptions {
  /** What the cluster does; `ledgerScenario` by default. */
  readonly scenario?: Scenario;
  /** Parts of the profile, in the place of what the seed would draw; of `settings` too. */
  readonly profile?: Partial<SimulationProfile>;
  /** Breaks the store of each process: a test of the simulation does, to see that it finds out. */
  readonly alter?: Alteration;
  /** Keep every call in the trace. */
  readonly detailed?: boolean;
}

/** What came out of one seed. */
export interface SimulationResult {
  readonly seed: number;
  /** Empty: passed. */
  readonly violations: readonly Violation[];
  /** The same for two runs that were the same. */
  readonly fingerprint: string;
  readonly trace: readonly string[];
  /** What was put to the test. */
  readonly counts: {
    readonly commits: number;
    readonly batches: number;
    readonly swaps: number;
    /** Waits for a commit that ended with it applied. */
    readonly waits: number;
    readonly troubles: number;
    readonly steps: number;
    readonly virtualMs: number;
  };
}

const START = Date.UTC(2030, 0, 1);
const MAX_STEPS = 200_000;

/**
 * Runs a cluster of simulated processes through one seed's faults, lets it heal, and judges it. The same seed gives the same run, to the last call. Never
 * throws for what the cluster does: that is a violation.
 */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  const chance = new Chance(seed);
  const drawn = drawProfile(chance);
  const settings = { ...drawn.settings, ...options.profile?.settings };
  const profile = { ...drawn, ...options.profile, settings };
  const order = chance.fork();
  const clock = new VirtualClock(START, () => order.bits());
  const trace = new Trace(() => clock.now() - START, options.detailed ?? false);
  const network = new Network(clock, chance.fork(), trace);
  const run = new SimulationRun(network, profile, options, chance);
  const unhandled: Violation[] = [];
  const onUnhandled = (reason: unknown): void =>
    void unhandled.push({ rule: 'unhandled', subject: 'process', message: `Nobody heard of ${String(reason)}.` });
  process.on('unhandledRejection', onUnhandled);
  try {
    const found = await clock.run(run.main(), MAX_STEPS).catch((error: unknown) => [stuck(error)]);
    const counts = { ...run.counts, steps: clock.steps, virtualMs: clock.now() - START };
    const [fingerprint, lines, violations] = [trace.fingerprint, trace.lines(), [...unhandled, ...found]];
    await clock.run(run.dispose(), 2 * MAX_STEPS).catch((error: unknown) => stuck(error));
    return { seed, violations, fingerprint, trace: lines, counts };
  } finally {
    process.off('unhandledRejection', onUnhandled);
  }
}

function stuck(error: unknown): Violation {
  if (!(error instanceof VirtualDeadlock)) throw error;
  return { rule: 'settled', subject: 'simulation', message: error.message };
}
