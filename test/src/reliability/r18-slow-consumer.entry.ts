import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProjectionEngine } from '@nestfold/projections';
import { liveCollections } from '../crash/judge.js';
import { FailPoint } from '../faults/fail-point.js';
import { clock } from '../support/clock.js';
import type { Entry } from './entry.js';
import { meanLagMs, noLonger } from './lag-meter.js';
import { inSeconds } from './line.js';
import type { Stage } from './stage.js';

const RSS_MB = 150;
const TOLD_EVERY_MS = 500;

/** Makes each write of one projection's documents slow; the other one of the same process is to notice nothing. */
export const slowConsumer: Entry = {
  id: 'R18',
  title: 'slow consumer: one projection of a process becomes 50 times slower [F-8]',
  async run(stage) {
    const { client, database, ledger, faults } = stage;
    const slowMs = stage.pick(8_000, 180_000);
    const service = await stage.worker({ projections: [], callers: 8, pauseMs: stage.pick(10, 0) });
    const appName = `projector-${randomUUID()}`;
    const projector = await stage.worker({ callers: 0, appName, projections: ['tallies', 'cursed-tallies'] });
    const asker = await stage.engine({}, { projections: ['tallies', 'cursed-tallies'], roles: [] });
    await projector.until(
      'both to be projected',
      async () => (await views(stage)) > 20 && (await stage.applied()) > 50,
    );
    const others = { acknowledged: () => ledger.events, projected: () => stage.applied() };
    const before = await meanLagMs(stage.pick(4_000, 30_000), others);
    const rssBefore = ledger.rssMb;
    ledger.rssMb = 0;

    const { cursed_view } = await liveCollections(database);
    const begun = clock();
    const point = await FailPoint.set(client, 'alwaysOn', {
      failCommands: ['update', 'insert'],
      namespace: `${database.databaseName}.${cursed_view}`,
      appName,
      blockConnection: true,
      blockTimeMS: 1_000,
    });
    const told = new Told(asker);
    const during = await meanLagMs(slowMs, others);
    const { slow, other } = await told.stop();
    const wasMet = await point.isMet(100);
    await point.off();
    if (wasMet && slow.events > 0) faults.met(begun);
    const healed = clock();
    const behind = slow.events;
    await service.settled(60_000);
    await projector.settled(120_000);
    const catchUp = clock() - healed;
    faults.resumed(healed);
    const grown = Math.max(0, ledger.rssMb - rssBefore);
    return {
      planned: 1,
      acknowledged: 200,
      bounds: [
        { what: 'rss_grown_mb', was: grown, atMost: RSS_MB },
        noLonger('other_lag_ms', before, during),
        // What tells an operator of it; the other one's does not.
        { what: 'slow_lag_events', was: behind, atLeast: 50 },
        { what: 'slow_lag_s', was: slow.seconds, atLeast: 1 },
        { what: 'other_lag_s', was: other.seconds, atMost: 2 },
      ],
      figures: {
        slow_lag_events: behind,
        slow_lag_s: slow.seconds,
        other_lag_s: other.seconds,
        other_lag_ms: { before, during },
        catch_up_events_per_s: Math.round(behind / (catchUp / 1_000)),
        catch_up_s: inSeconds(catchUp),
        rss_mb: { before: rssBefore, max: ledger.rssMb },
      },
    };
  },
};

/** The greatest lags that operators were told of. */
class Told {
  readonly slow = { events: 0, seconds: 0 };
  readonly other = { events: 0, seconds: 0 };
  private on = true;
  private readonly asking: Promise<void>;

  constructor(private readonly asker: ProjectionEngine) {
    this.asking = this.ask();
  }

  async stop(): Promise<Pick<Told, 'slow' | 'other'>> {
    this.on = false;
    await this.asking;
    return this;
  }

  private async ask(): Promise<void> {
    while (this.on) {
      for (const { name, lagEvents, lagSeconds } of await this.asker.statuses()) {
        const lag = name === 'cursed-tallies' ? this.slow : this.other;
        lag.events = Math.max(lag.events, lagEvents);
        lag.seconds = Math.max(lag.seconds, lagSeconds);
      }
      await pause(TOLD_EVERY_MS);
    }
  }
}

async function views({ database }: Stage): Promise<number> {
  const { cursed_view } = await liveCollections(database);
  return cursed_view === undefined ? 0 : database.collection(cursed_view).estimatedDocumentCount();
}
