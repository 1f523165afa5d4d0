import type { Timestamp } from 'mongodb';
import { clock } from '../support/clock.js';
import { FORGETFUL, HORIZON_SECONDS, positionOf, rollOplogPast } from '../support/oplog.js';
import { until } from '../support/until.js';
import type { Entry } from './entry.js';
import { fillWith } from './fill.js';
import { inSeconds } from './line.js';
import type { Stage } from './stage.js';

const HISTORY_LOST = 286;
const HEALED_WITHIN_S = 60;
const RETRIES = 3;

/** Stops the projector until the server has forgotten its place, while much is stored. */
export const historyLost: Entry = {
  id: 'R19',
  title: 'history lost (286): the projector was away until the oplog rolled over its place [F-5]',
  server: { args: FORGETFUL },
  async run(stage) {
    const { ledger, faults, client, database } = stage;
    const rounds = stage.pick(1, 3);
    const missed = stage.pick(5_000, 200_000);
    const healed: number[] = [];
    const orders = { callers: 4, horizonSeconds: HORIZON_SECONDS };
    for (let round = 0; round < rounds; round += 1) {
      const first = await stage.worker(orders);
      const before = await stage.applied();
      await first.until('live additions to be projected', async () => (await stage.applied()) > before + 200);
      const begun = clock();
      await first.kill();
      const stood = await until('a place in the live feed', async () => (await positionOf(database))?.feed);
      await fillWith(stage, missed, `h${round}-`);
      await rollOplogPast(client, stood.time, 300_000);
      const isLost = (await codeOfResume(stage, stood)) === HISTORY_LOST;
      const woken = clock();
      const second = await stage.worker({ ...orders, repeat: ledger.open });
      await second.until('the lag to be gone', async () => (await stage.applied()) >= ledger.events - 100, 180_000);
      faults.resumed(woken);
      healed.push(clock() - woken);
      if (isLost) faults.met(begun);
      await second.settled(60_000);
      await second.kill();
    }
    const lines = [...ledger.warnings.values()].reduce((sum, times) => sum + times, 0);
    const entered = [...ledger.warnings].filter(([line]) => line.includes('lost the history'));
    const retries = entered.reduce((sum, [, times]) => sum + times, 0) / rounds;
    return {
      planned: rounds,
      acknowledged: rounds * missed,
      bounds: [
        { what: 'heal_s', was: inSeconds(Math.max(...healed)), atMost: HEALED_WITHIN_S },
        { what: 'retries', was: retries, atMost: RETRIES },
      ],
      figures: {
        missed,
        heal_s: inSeconds(Math.max(...healed)),
        retries,
        log_lines: lines,
      },
    };
  },
};

/** What the server itself says of the place. */
async function codeOfResume({ database }: Stage, feed: { token: string; time: Timestamp }): Promise<unknown> {
  const stream = database.collection('commits').watch([], { resumeAfter: { _data: feed.token }, maxAwaitTimeMS: 100 });
  try {
    await stream.tryNext();
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code;
  } finally {
    await stream.close();
  }
}
