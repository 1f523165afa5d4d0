import type { ProjectionEngine } from '@nestfold/projections';
import type { Violation } from '@nestfold/testing';
import { Overall } from '../crash/tally.js';
import { clock } from '../support/clock.js';
import { until } from '../support/until.js';
import type { Entry } from './entry.js';
import { fillWith } from './fill.js';
import type { Stage } from './stage.js';

const SHARES = [0.1, 0.5, 0.9];
/** Seconds that a rebuild is to last at least, so that its shares can be met: progress is told once a second. */
const LASTING_S = 8;
const settings = { historyEvents: 250, historyDocuments: 250, graceMs: 2_000 };

/** Kills the projector at shares of a rebuild, while others write and read. */
export const rebuildKill: Entry = {
  id: 'R04',
  title: 'kill -9 during a rebuild at 10, 50 and 90 %, with writes and reads going on [B-1, B-3]',
  async run(stage) {
    const { faults } = stage;
    const rebuilds = stage.pick(1, 3);
    const events = stage.pick(6_000, 50_000);
    await fillWith(stage, events);
    const service = await stage.worker({ projections: [], callers: 4, pauseMs: 20 });
    const start = () => stage.worker({ callers: 0, settings });
    let projector = await start();
    await projector.until('history to be projected', async () => (await stage.applied()) > events, 120_000);
    const asker = await stage.engine({ graceMs: settings.graceMs }, { roles: [] });
    const reader = new Reader(asker);
    const rates: number[] = [];
    try {
      for (let rebuild = 0; rebuild < rebuilds; rebuild += 1) {
        const begun = clock();
        const { id } = await asker.rebuild('tallies', 'R04', { throttle: Math.round(events / LASTING_S) });
        const status = async () => (await asker.rebuildStatus(id))!;
        for (const share of SHARES) {
          const met = await projector
            .until(
              'a share of the rebuild',
              async () => {
                const { processed, total, state } = await status();
                return state === 'done' || (total > 0 && processed >= share * total && processed > 0);
              },
              60_000,
            )
            .then(status);
          await projector.kill();
          const killed = clock();
          projector = await start();
          await stage.resumes(projector, killed);
          if (met.state === 'running') faults.met(killed);
        }
        await projector.until('the rebuild to be done', async () => (await status()).state === 'done', 120_000);
        rates.push((await status()).total / ((clock() - begun) / 1_000));
      }
    } finally {
      await reader.stop();
    }
    await service.settled(60_000);
    await projector.settled(60_000);
    const violations = [...reader.violations, ...(await leftovers(stage))];
    return {
      planned: rebuilds * SHARES.length,
      acknowledged: events,
      bounds: [faults.resumesWithin(5)],
      violations,
      figures: {
        reads: reader.count,
        wrong_reads: reader.violations.length,
        rebuild_events_per_s: Math.round(Math.min(...rates)),
      },
    };
  },
};

/** Reads one document again and again: what it counts never falls, and it is never gone. */
class Reader {
  readonly violations: Violation[] = [];
  count = 0;
  private ended = false;
  private readonly reading: Promise<void>;

  constructor(private readonly engine: ProjectionEngine) {
    this.reading = this.read();
  }

  async stop(): Promise<void> {
    this.ended = true;
    await this.reading;
  }

  private async read(): Promise<void> {
    const model = this.engine.readModel(Overall);
    let before = 0;
    while (!this.ended) {
      const changes = (await model.findById('all'))?.changes;
      this.count += 1;
      if (changes === undefined || changes < before) {
        const message = `a read had ${String(changes)} changes after ${before}`;
        this.violations.push({ rule: 'reads-monotone', subject: 'overall', message });
      }
      before = changes ?? before;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** When grace is over one generation is there, with its collections and no others. */
async function leftovers({ database }: Stage): Promise<Violation[]> {
  const collections = async () =>
    (await database.listCollections({}, { nameOnly: true }).toArray())
      .map(({ name }) => name)
      .filter((name) => /\.g\d+$/.test(name));
  try {
    await until('former generations to be dropped', async () => (await collections()).length === 2, 20_000);
  } catch {
    return [{ rule: 'generations', subject: 'tallies', message: `left over: ${(await collections()).join(', ')}` }];
  }
  const states = await database
    .collection('nestfold.generations')
    .countDocuments({ state: { $in: ['live', 'building'] } });
  if (states === 1) return [];
  return [{ rule: 'generations', subject: 'tallies', message: `${states} generations are live or being built` }];
}
