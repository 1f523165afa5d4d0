import { secondsOf } from '@nestfold/core';
import { clock } from '../support/clock.js';
import { insertRaw, rawCommit } from '../support/raw-commit.js';
import { until } from '../support/until.js';
import { NaivePoller } from '../feed/naive-poller.js';
import type { Entry } from './entry.js';
import { inSeconds } from './line.js';

const OTHERS = 200;

/** A transaction holds an append open while others commit behind it, a projector starts anew, and a rebuild begins. */
export const slowAppender: Entry = {
  id: 'R27',
  title: 'slow appender: an append becomes visible behind 200 later ones [F-1]',
  async run(stage) {
    const { client, database, ledger, faults } = stage;
    const rounds = stage.pick(3, 50);
    const heldSeconds = stage.pick(2, 3);
    const adder = await stage.adder();
    const connection = await stage.connection();
    const poller = new NaivePoller(database);
    const settings = { graceMs: 500 };
    let engine = await stage.engine(settings);
    const stalls: number[] = [];
    let rebuilds = 0;
    for (let round = 0; round < rounds; round += 1) {
      const begun = clock();
      const held = adder.of(`held-${round}`, 7);
      ledger.note({ kind: 'asked', ...held });
      const session = client.startSession();
      session.startTransaction({ writeConcern: { w: 'majority', j: true } });
      await insertRaw(database, [rawCommit(held, 1)], session);
      const heldAt = secondsOf(await connection.feed.now());
      for (let wave = 0; wave < OTHERS / 20; wave += 1)
        await Promise.all(Array.from({ length: 20 }, (_, index) => adder.add(adder.of(`t${index}`, wave))));
      await until('the others to be projected', async () => (await stage.applied()) >= ledger.events);
      await poller.poll();
      // In turn: the same follower goes on, a new one enters, a rebuild enters.
      if (round % 3 === 1) {
        await engine.stop();
        engine = await stage.engine(settings);
      }
      if (round % 3 === 2) {
        await engine.rebuild('tallies', 'R27');
        rebuilds += 1;
      }
      await adder.add(adder.of('t0', 1));
      await until('one more to be projected', async () => (await stage.applied()) >= ledger.events);
      await until('the hold to be over', async () => secondsOf(await connection.feed.now()) >= heldAt + heldSeconds);
      await session.commitTransaction();
      await session.endSession();
      const committed = clock();
      ledger.note({ kind: 'acknowledged', ref: held.ref, tallyId: held.tallyId, version: 1, repeated: false });
      await until('the held one to be projected', async () => (await stage.applied()) >= ledger.events);
      stalls.push(clock() - committed);
      faults.met(begun);
    }
    await engine.settled({ timeoutMs: 30_000 });
    await poller.poll();
    const isBuilt = async () =>
      (await database.collection('nestfold.generations').countDocuments({ state: 'building' })) === 0;
    await until('rebuilds to be over', isBuilt);
    await engine.settled({ timeoutMs: 30_000 });
    // Otherwise nothing was tried: a poller by time passes over every held one.
    const missed = [...ledger.asked.keys()].filter((ref) => !poller.seen.has(ref)).length;
    return {
      planned: rounds,
      acknowledged: rounds * OTHERS,
      figures: { held_s: heldSeconds, stall_s: inSeconds(Math.max(...stalls)), rebuilds, naive_poller_skips: missed },
    };
  },
};
