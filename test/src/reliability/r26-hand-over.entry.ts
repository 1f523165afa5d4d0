import type { WorkerProcess } from '../crash/worker-process.js';
import { clock } from '../support/clock.js';
import { SteadyLoad } from '../support/steady-load.js';
import type { Entry } from './entry.js';
import { HandOverWatch } from './hand-over-watch.js';
import { quantile } from './line.js';

const PARTITIONS = 8;
const TALLIES = 400;
const PER_SECOND = 400;
const PAUSE_MS = 100;
/** Of 1 → 4 and 4 → 2: what a process has above its share goes to those who lack. */
const JOINING = 6;
const LEAVING = 4;

/** Partitions go from one process to four and back to two, in order, under load: none stands still for long. */
export const handOver: Entry = {
  id: 'R26',
  title: 'partitions are handed over: one process, four, two, under 400 events a second [P-9]',
  async run(stage) {
    const { faults } = stage;
    const rounds = stage.pick(1, 5);
    const projections = ['tally-trails'] as const;
    const settings = { partitions: PARTITIONS, leasePollMs: 1_000, heartbeatMs: 1_000 };
    const start = (): Promise<WorkerProcess> => stage.worker({ callers: 0, leaseMs: 5_000, projections, settings });
    const first = await start();
    const load = SteadyLoad.start(stage.database, stage.ledger, PER_SECOND, TALLIES);
    await stage.acknowledges(first, 2 * PER_SECOND);
    const watch = await HandOverWatch.start(stage.database, 'tally-trails.1.1', PARTITIONS);
    let present = [first];
    for (let round = 0; round < rounds; round += 1) {
      const begun = clock();
      const seen = watch.pausesMs.length;
      const joining = 4 - present.length;
      present = [...present, ...(await Promise.all(Array.from({ length: joining }, start)))];
      const taken = joining === 3 ? JOINING : LEAVING;
      await watch.sees(seen + taken, 30_000);
      for (const left of present.splice(0, 2)) await left.leave();
      await watch.sees(seen + taken + LEAVING, 30_000);
      faults.met(begun);
    }
    await watch.stop();
    const perSecond = load.rate;
    await load.stop();
    for (const worker of present) await worker.settled(60_000);
    const pauses = watch.pausesMs.toSorted((one, other) => one - other);
    return {
      planned: rounds,
      acknowledged: 2 * PER_SECOND,
      bounds: [{ what: 'hand_over_max_ms', was: quantile(pauses, 1), atMost: PAUSE_MS }],
      figures: {
        events_per_s: perSecond,
        hand_overs: pauses.length,
        hand_over_p50_ms: quantile(pauses, 0.5),
        pauses_ms: pauses,
      },
    };
  },
};
