import { randomUUID } from 'node:crypto';
import { batchPlaces } from '../faults/batch-places.js';
import { FailPoint } from '../faults/fail-point.js';
import { clock } from '../support/clock.js';
import { between } from '../support/random.js';
import type { Entry } from './entry.js';

/** Kills the projector inside the transaction of a batch; another process appends all the time. */
export const projectorKill: Entry = {
  id: 'R03',
  title: 'kill -9 of the projector inside a batch: at its checkpoint, among its writes, at its commit [P-1, P-4]',
  async run(stage) {
    const { client, database, faults, random } = stage;
    const kills = stage.pick(6, 60);
    const service = await stage.worker({ projections: [], callers: 6, pauseMs: 5 });
    let appName = '';
    const start = () => stage.worker({ callers: 0, appName: (appName = `projector-${randomUUID()}`) });
    let projector = await start();
    await projector.until('the first additions to be projected', async () => (await stage.applied()) > 50);
    const places = Object.values(batchPlaces);
    for (let kill = 0; kill < kills; kill += 1) {
      const begun = clock();
      const place = await places[kill % places.length]!(database);
      // Held for longer than any takeover may last.
      const point = await FailPoint.set(
        client,
        { skip: between(random, 0, 10) },
        { ...place, appName, blockConnection: true, blockTimeMS: 30_000 },
      );
      const isMet = await point.isMet(20_000);
      await projector.kill();
      const killed = clock();
      projector = await start();
      await stage.resumes(projector, killed);
      await point.off();
      if (isMet) faults.met(begun);
    }
    await service.settled(60_000);
    await projector.settled(60_000);
    return {
      planned: kills,
      acknowledged: 50 * kills,
      bounds: [faults.resumesWithin(5)],
      figures: { kills, lease_s: 1.5 },
    };
  },
};
