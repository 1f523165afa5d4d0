import { randomUUID } from 'node:crypto';
import { CheckpointWatch, type Violation } from '@nestfold/testing';
import type { Db } from 'mongodb';
import type { WorkerProcess } from '../crash/worker-process.js';
import { FailPoint } from '../faults/fail-point.js';
import { holdInBatch } from '../faults/hold-in-batch.js';
import { clock } from '../support/clock.js';
import type { Entry } from './entry.js';
import { fillWith } from './fill.js';
import { inSeconds } from './line.js';

const LEASE_S = 1.5;
const HISTORY = 4_000;

/** Freezes the projector inside a batch until another one has taken over, and lets it go on. */
export const zombie: Entry = {
  id: 'R07',
  title: 'SIGSTOP of the projector inside a batch; another one takes over; SIGCONT [P-3]',
  async run(stage) {
    const { client, database, faults } = stage;
    const rounds = stage.pick(2, 10);
    const frozenMs = stage.pick(4_000, 40_000);
    await fillWith(stage, HISTORY);
    const service = await stage.worker({ projections: [], callers: 4, pauseMs: 20 });
    const candidates = new Map<string, WorkerProcess>();
    for (const name of ['a', 'b']) {
      const appName = `${name}-${randomUUID()}`;
      const settings = { graceMs: 1_000, historyEvents: 250 };
      candidates.set(appName, await stage.worker({ callers: 0, appName, settings }));
    }
    await service.until('history to be projected', async () => (await stage.applied()) > HISTORY, 60_000);
    const asker = await stage.engine({ graceMs: 1_000 }, { roles: [] });
    const tokens = new Tokens(database);
    const takeovers: number[] = [];
    let rebuilds = 0;
    for (let round = 0; round < rounds; round += 1) {
      const begun = clock();
      // Every other time it is building a generation as well, which goes on in the other process.
      const { id } = round % 2 === 1 ? await asker.rebuild('tallies', 'R07', { throttle: HISTORY / 8 }) : {};
      const held = await holdInBatch(client, [...candidates.keys()], frozenMs + 30_000);
      const holder = candidates.get(held ?? '');
      if (holder === undefined) continue;
      holder.freeze();
      const frozen = clock();
      const before = await stage.applied();
      await service.until('another to take over', async () => (await stage.applied()) > before, 30_000);
      takeovers.push(clock() - frozen);
      faults.resumed(frozen);
      await service.until('the freeze to be over', () => clock() - frozen > frozenMs, frozenMs + 30_000);
      await FailPoint.clear(client);
      holder.thaw();
      // It finds out that it is no longer the owner while the other one goes on.
      await stage.acknowledges(service, 100);
      await stage.resumes(service, clock());
      faults.met(begun);
      if (id === undefined) continue;
      rebuilds += 1;
      const isDone = async () => (await asker.rebuildStatus(id))?.state === 'done';
      await service.until('the rebuild to be done', isDone, 120_000);
    }
    await service.settled(60_000);
    for (const worker of candidates.values()) await worker.settled(60_000);
    const stale = await tokens.stop();
    return {
      planned: rounds,
      acknowledged: HISTORY + 50 * rounds,
      bounds: [{ what: 'takeover_s', was: inSeconds(Math.max(...takeovers)), atMost: LEASE_S + 2 }],
      violations: stale,
      figures: {
        frozen_s: inSeconds(frozenMs),
        stale_writes: stale.length,
        takeover_s: inSeconds(Math.max(...takeovers)),
        lease_s: LEASE_S,
        rebuilds_frozen: rebuilds,
        batches_watched: tokens.written,
      },
    };
  },
};

/** Watches the tokens under which batches are stored: none is lower than one that was there before it. */
class Tokens {
  written = 0;
  private readonly watch = new CheckpointWatch();
  private readonly stream;
  private readonly ended: Promise<void>;

  constructor(database: Db) {
    const checkpoints = database.collection<{ _id: string; token: number }>('nestfold.checkpoints');
    this.stream = checkpoints.watch([], { fullDocument: 'updateLookup', maxAwaitTimeMS: 200 });
    this.ended = this.follow();
  }

  async stop(): Promise<readonly Violation[]> {
    await this.stream.close();
    await this.ended;
    return this.watch.violations;
  }

  private async follow(): Promise<void> {
    while (!this.stream.closed) {
      const change = await this.stream.tryNext().catch(() => null);
      if (change?.operationType !== 'update') continue;
      const { token } = change.updateDescription.updatedFields ?? {};
      this.written += 1;
      if (token !== undefined) this.watch.claimed(String(change.documentKey._id), token);
    }
  }
}
