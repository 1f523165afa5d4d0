import type { Violation } from '@nestfold/testing';
import { Timestamp } from 'mongodb';
import { clock } from '../support/clock.js';
import { FORGETFUL, HORIZON_SECONDS, rollOplogPast } from '../support/oplog.js';
import type { Entry } from './entry.js';
import { inSeconds } from './line.js';

const DELIVERED_WITHIN_S = 2;

/** Nobody appends while others write until the server has forgotten the last append; the next one is to be seen at once. */
export const quietCollection: Entry = {
  id: 'R20',
  title: 'quiet collection: the oplog rolls over while nothing is appended [F-9]',
  server: { args: FORGETFUL },
  async run(stage) {
    const { faults, ledger, client } = stage;
    const rounds = stage.pick(2, 3);
    const violations: Violation[] = [];
    const projector = await stage.worker({
      callers: 0,
      horizonSeconds: HORIZON_SECONDS,
      settings: { idleSaveMs: 1_000 },
    });
    const adder = await stage.adder();
    for (let index = 0; index < 50; index += 1) await adder.add(adder.of(`t${index % 10}`, index));
    await projector.settled(30_000);
    const took: number[] = [];
    let megabytes = 0;
    for (let round = 0; round < rounds; round += 1) {
      const begun = clock();
      const last = new Timestamp({ t: Math.floor(Date.now() / 1_000) + 1, i: 0 });
      megabytes += await rollOplogPast(client, last, 120_000);
      const appended = clock();
      await adder.add(adder.of('quiet', round));
      await projector.until('the one to be projected', async () => (await stage.applied()) >= ledger.events, 30_000);
      took.push(clock() - appended);
      faults.met(begun);
      faults.resumed(appended);
    }
    const lost = [...ledger.warnings.keys()].filter((line) => line.includes('lost the history'));
    for (const message of lost) violations.push({ rule: 'settled', subject: 'feed', message });
    return {
      planned: rounds,
      acknowledged: 50,
      bounds: [{ what: 'delivery_s', was: inSeconds(Math.max(...took)), atMost: DELIVERED_WITHIN_S }],
      violations,
      figures: {
        delivery_s: inSeconds(Math.max(...took)),
        noise_mb: megabytes,
        fell_back_to_history: lost.length,
      },
    };
  },
};
