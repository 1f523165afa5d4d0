import type { EngineSettings } from '@nestfold/projections';
import type { Chance } from './chance.js';
import { calm, type FaultRates } from './fault-rates.js';

/** The kinds of trouble that the nemesis makes. */
export type Trouble =
  | 'kill'
  | 'restart'
  | 'pause'
  | 'blackout'
  | 'lose-history'
  | 'sweep'
  | 'rebuild'
  | 'cancel'
  | 'rollback'
  | 'redrive'
  | 'deploy'
  | 'rebuild-stream'
  | 'hold'
  | 'disturb';

/** What one seed's run is like. Each run gets other faults, so that none hides behind another. */
export interface SimulationProfile {
  readonly processes: number;
  /** Which of the scenario's projections run, by their places. */
  readonly projections: readonly number[];
  readonly clients: number;
  readonly clientPauseMs: number;
  /** How long faults go on. */
  readonly activeMs: number;
  readonly horizonSeconds: number;
  readonly transactionLifetimeMs: number;
  readonly skewMs: number;
  readonly rates: FaultRates;
  readonly troubles: readonly Trouble[];
  /** Between two troubles. */
  readonly troubleMs: number;
  readonly handlers: boolean;
  /** Some events cannot be applied until all heals. */
  readonly poison: boolean;
  /** Which of the scenario's newer builds is deployed and taken back meanwhile, by its place; missing: none. */
  readonly newer?: number;
  /** What runs in the end: processes of one build, or of whichever build there are. */
  readonly ends: 'newer' | 'older' | 'mixed';
  /** For how long the processes of the older and of the newer build have versions kept that nobody names. */
  readonly keepMs: readonly [number, number];
  readonly settings: Partial<EngineSettings>;
}

const TROUBLES: readonly Trouble[] = [
  'kill',
  'restart',
  'pause',
  'blackout',
  'lose-history',
  'sweep',
  'rebuild',
  'rebuild',
  'cancel',
  'rollback',
  'hold',
  'disturb',
  'redrive',
  'rebuild-stream',
];

/** Draws a profile. Times are small against production, in the same proportions: W is 2 or 3 s (store times count whole seconds, so less is too coarse), a lease lasts less. */
export function drawProfile(chance: Chance): SimulationProfile {
  const horizonSeconds = chance.happens(0.8) ? 2 : 3;
  const maybe = (probability: number, most: number): number =>
    chance.happens(probability) ? chance.between(0, most) : 0;
  const rates: FaultRates = {
    latencyMs: chance.between(1, 8),
    slow: maybe(0.5, 0.03),
    slowMs: chance.between(50, 700),
    failBefore: maybe(0.4, 0.04),
    failAfter: maybe(0.5, 0.06),
    effectLater: maybe(0.4, 0.1),
    hang: maybe(0.25, 0.003),
    hold: maybe(0.6, 0.25),
    // Less than W/2: what is later is an alarm, not a promise.
    holdMs: 500 * horizonSeconds - 100,
    lostNotice: maybe(0.5, 0.5),
  };
  const newer = chance.happens(0.18) ? chance.whole(0, 2) : undefined;
  const deploys: readonly Trouble[] = newer === undefined ? [] : ['deploy', 'deploy'];
  const troubles = [...TROUBLES.filter(() => chance.happens(0.6)), ...deploys];
  return {
    processes: chance.whole(1, 3),
    projections: chance.pick([[0], [0], [0], [1], [1], [1], [0, 1], [2]]),
    clients: chance.whole(1, 3),
    clientPauseMs: chance.between(60, 250),
    // Now and then long enough for what was applied to grow old.
    activeMs: chance.happens(0.06) ? chance.between(7_000, 11_000) : chance.between(1_200, 3_600),
    horizonSeconds,
    transactionLifetimeMs: (1_000 * horizonSeconds) / 3,
    skewMs: chance.happens(0.3) ? 5_000 : 0,
    rates: chance.happens(0.05) ? calm : rates,
    troubles,
    troubleMs: chance.between(150, 800),
    handlers: chance.happens(0.3),
    poison: chance.happens(0.25),
    ...(newer !== undefined && { newer }),
    ends: chance.pick(['newer', 'older', 'mixed'] as const),
    keepMs: [chance.between(2_000, 4_000), chance.between(2_000, 4_000)],
    settings: {
      leaseMs: chance.between(500, 1_200),
      leasePollMs: chance.between(100, 300),
      partitions: chance.whole(1, 3),
      loadThreads: 0,
      loadRangeCommits: chance.pick([5, 20, 1_000]),
      requestPollMs: 200,
      idleSaveMs: chance.between(300, 2_000),
      skipSaveMs: chance.between(100, 400),
      liveEvents: chance.pick([1, 3, 10, 100]),
      historyEvents: chance.pick([1, 5, 20, 100]),
      historyDocuments: chance.pick([3, 10, 100]),
      backoffMs: 10,
      backoffMaxMs: 300,
      handlerBackoffMaxMs: 300,
      handlerTimeoutMs: 5_000,
      handlerAttempts: chance.pick([6, 20]),
      graceMs: chance.between(300, 800),
      swapMs: chance.between(300, 800),
      heartbeatMs: 1_000,
      drainMs: 1_000,
    },
  };
}

/** Whether a process may go on with a batch after its lease has run out: it was paused, or its calls took too long. */
export function mayBeFenced({ troubles, rates }: SimulationProfile): boolean {
  return troubles.includes('pause') || troubles.includes('blackout') || rates.slow > 0;
}
