import { randomUUID } from 'node:crypto';
import { liveCollections } from '../crash/judge.js';
import { FailPoint } from '../faults/fail-point.js';
import { clock } from '../support/clock.js';
import type { Entry } from './entry.js';
import { inSeconds, quantile } from './line.js';
import type { Stage } from './stage.js';

const RSS_MB = 150;

/** Makes each write of one projection's documents slow; the other one of the same process is to notice nothing. */
export const slowConsumer: Entry = {
  id: 'R18',
  title: 'slow consumer: one projection of a process becomes 50 times slower',
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
    const before = await measure(stage, stage.pick(3_000, 20_000));
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
    const during = await measure(stage, slowMs);
    const [slow, other] = await Promise.all([asker.status('cursed-tallies'), asker.status('tallies')]);
    const wasMet = await point.isMet(100);
    await point.off();
    if (wasMet && slow.lagEvents > 0) faults.met(begun);
    const healed = clock();
    const behind = slow.lagEvents;
    await service.settled(60_000);
    await projector.settled(120_000);
    const catchUp = clock() - healed;
    faults.resumed(healed);
    const grown = Math.max(0, ledger.rssMb - rssBefore);
    return {
      planned: 1,
      acknowledged: 200,
      violations: grown > RSS_MB ? [{ rule: 'settled', subject: 'memory', message: `it grew by ${grown} MB` }] : [],
      figures: {
        slow_lag_events: behind,
        slow_lag_s: slow.lagSeconds,
        other_lag_s: other.lagSeconds,
        other_lag_p99_events: { before, during },
        catch_up_events_per_s: Math.round(behind / (catchUp / 1_000)),
        catch_up_s: inSeconds(catchUp),
        rss_mb: { before: rssBefore, max: ledger.rssMb },
      },
    };
  },
};

async function views({ database }: Stage): Promise<number> {
  const { cursed_view } = await liveCollections(database);
  return cursed_view === undefined ? 0 : database.collection(cursed_view).estimatedDocumentCount();
}

/** How far the other projection is behind what is acknowledged, in the worst hundredth of the time. */
async function measure(stage: Stage, forMs: number): Promise<number> {
  const lags: number[] = [];
  for (const end = clock() + forMs; clock() < end;) {
    const { events } = stage.ledger;
    lags.push(Math.max(0, events - (await stage.applied())));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return quantile(lags, 0.99) ?? 0;
}
