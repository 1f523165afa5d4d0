import { isRebuildRunning, type Generation } from '@nestfold/core';
import type { Violation } from '@nestfold/testing';
import { clock } from '../support/clock.js';
import { until } from '../support/until.js';
import type { Entry } from './entry.js';
import { fillWith } from './fill.js';
import { inSeconds } from './line.js';

const PROJECTIONS = ['tallies', 'tally-trails'] as const;
const TRIGGERS = 5;
const LAG_S = 2;

/** Rebuilds everything under load: one rebuild of each runs however often it is asked for, and a cancelled one leaves nothing. */
export const rebuildAll: Entry = {
  id: 'R28',
  title: 'rebuild of every projection under load, asked for five times at once, and cancelled once [B-1, B-5, B-6]',
  async run(stage) {
    const { faults, database } = stage;
    const events = stage.pick(6_000, 100_000);
    const violations: Violation[] = [];
    const tell = (message: string): void => void violations.push({ rule: 'generations', subject: 'rebuild', message });
    await fillWith(stage, events);
    const settings = { graceMs: 1_000 };
    const service = await stage.worker({ projections: [], callers: 6, pauseMs: 20 });
    const projector = await stage.worker({ callers: 0, projections: PROJECTIONS, settings });
    const more = { projections: PROJECTIONS, roles: [] };
    const askers = await Promise.all(Array.from({ length: TRIGGERS }, () => stage.engine(settings, more)));
    const asker = askers[0]!;
    const areLive = async () => (await asker.statuses()).every(({ state }) => state === 'live');
    await projector.until(
      'history to be projected',
      async () => (await stage.applied()) > events && (await areLive()),
      120_000,
    );
    stage.lagMax = 0;
    stage.lagMaxMs = 0;

    const begun = clock();
    const started: Generation[] = [];
    for (const name of PROJECTIONS) {
      const answers = await Promise.allSettled(askers.map((one, index) => one.rebuild(name, `asker ${index}`)));
      const won = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      if (won.length !== 1) tell(`${won.length} rebuilds of ${name} began at once`);
      started.push(...won);
      for (const answer of answers)
        if (answer.status === 'rejected' && !isRebuildRunning(answer.reason)) throw answer.reason;
    }
    let total = 0;
    for (const { id } of started) {
      const isDone = async () => (await asker.rebuildStatus(id))?.state === 'done';
      await projector.until('a rebuild to be done', isDone, 180_000);
      total += (await asker.rebuildStatus(id))!.total;
    }
    const took = clock() - begun;
    faults.met(begun);
    const [lagUnderRebuild, lagSeconds] = [stage.lagMax, inSeconds(stage.lagMaxMs)];

    const again = clock();
    for (const name of PROJECTIONS) {
      const { id } = await asker.rebuild(name, 'R28');
      if (!(await asker.cancelRebuild(id))) continue;
      await projector.until('the cancel', async () => (await asker.rebuildStatus(id))?.state !== 'running', 60_000);
      const state = (await asker.rebuildStatus(id))?.state;
      if (state === 'cancelled') faults.met(again);
      else tell(`a cancelled rebuild is ${String(state)}`);
    }
    await service.settled(60_000);
    await projector.settled(60_000);
    const left = async () =>
      (await database.listCollections({}, { nameOnly: true }).toArray()).filter(({ name }) => /\.g\d+$/.test(name));
    // Two models of one projection, one of the other.
    await until('leftovers to be dropped', async () => (await left()).length === 3, 20_000).catch(async () =>
      tell(`left over: ${(await left()).map(({ name }) => name).join(', ')}`),
    );
    return {
      planned: 1 + PROJECTIONS.length,
      acknowledged: events,
      bounds: [{ what: 'live_lag_s', was: lagSeconds, atMost: LAG_S }],
      violations,
      figures: {
        triggers: TRIGGERS * PROJECTIONS.length,
        begun: started.length,
        rebuild_s: inSeconds(took),
        rebuild_events_per_s: Math.round(total / (took / 1_000)),
        live_lag_events: lagUnderRebuild,
        live_lag_s: lagSeconds,
      },
    };
  },
};
