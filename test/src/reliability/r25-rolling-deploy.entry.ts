import { judgeReadModel, type Violation } from '@nestfold/testing';
import type { Db } from 'mongodb';
import type { WorkerProcess } from '../crash/worker-process.js';
import type { RolledVersion } from '../crash/rolled.js';
import { clock } from '../support/clock.js';
import { SteadyLoad } from '../support/steady-load.js';
import { until } from '../support/until.js';
import type { Entry } from './entry.js';
import { inSeconds } from './line.js';
import type { Stage } from './stage.js';

const PROCESSES = 4;
const TALLIES = 400;
const PER_SECOND = 300;
/** A loaded machine need not come quite so far. */
const REACHED_SHARE = 0.9;

/** Replaces four processes by those of a newer build, and then by those of the former one again, each ready before the one that it replaces leaves. */
export const rollingDeploy: Entry = {
  id: 'R25',
  title: 'rolling deploy of four processes from version 3 to 4 and back, under 300 events a second [D-1, D-4]',
  async run(stage) {
    const { database, faults, ledger } = stage;
    const besideMs = stage.pick(1_000, 5_000);
    const start = (version: RolledVersion): Promise<WorkerProcess> =>
      stage.worker({
        callers: 0,
        projections: [`rolled@${version}`],
        answers: version,
        settings: { graceMs: 2_000, leasePollMs: 500 },
      });
    let present = await Promise.all(Array.from({ length: PROCESSES }, () => start(3)));
    const load = SteadyLoad.start(database, ledger, PER_SECOND, TALLIES);
    const gone: WorkerProcess[] = [];
    const ready: number[] = [];
    for (const version of [4, 3] as const) {
      const next: WorkerProcess[] = [];
      for (const old of present) {
        const asked = clock();
        const young = await start(version);
        ready.push(clock() - asked);
        next.push(young);
        await young.until('both to answer for a while', () => clock() - asked > besideMs, besideMs + 30_000);
        await old.leave();
        gone.push(old);
        faults.met(asked);
      }
      present = next;
    }
    const perSecond = load.rate;
    await load.stop();
    for (const worker of present) await worker.settled(60_000);
    const back = await start(4);
    await back.settled(60_000);
    const answers = [...gone, ...present].map(({ answered }) => answered);
    return {
      planned: 2 * PROCESSES,
      acknowledged: 500,
      bounds: [
        { what: 'events_per_s', was: perSecond, atLeast: PER_SECOND * REACHED_SHARE },
        { what: 'least_answers_of_a_process', was: Math.min(...answers), atLeast: 10 },
      ],
      violations: [
        ...ledger.wrong.map((message): Violation => ({ rule: 'reads-monotone', subject: 'rolled', message })),
        ...(await unequal(stage)),
        ...(await rebuilt(database)),
      ],
      figures: {
        processes: PROCESSES,
        versions: '3 → 4 → 3 → 4',
        events_per_s: perSecond,
        answers: answers.reduce((sum, one) => sum + one, 0),
        wrong_answers: ledger.wrong.length,
        ready_s: inSeconds(Math.max(...ready)),
      },
    };
  },
};

const VERSIONS = [3, 4] as const;

/** Each version has applied each event once. */
async function unequal({ database, ledger }: Stage): Promise<Violation[]> {
  const [sum] = await database
    .collection('commits')
    .aggregate<{ changes: number; total: number }>([
      { $unwind: '$e' },
      { $group: { _id: null, changes: { $sum: 1 }, total: { $sum: '$e.d.by' } } },
    ])
    .toArray();
  const { changes = 0, total = 0 } = sum ?? {};
  const found: Violation[] = [];
  if (changes !== ledger.events)
    found.push({ rule: 'ok-present', subject: 'commits', message: `${changes} events are stored of ${ledger.events}` });
  for (const version of VERSIONS) {
    const expected = new Map([['all', { version, changes, total, weight: changes * version }]]);
    const differences = async () => judgeReadModel(`rolled@${version}`, expected, await documentsOf(database, version));
    const isEqual = async () => (await differences()).length === 0;
    await until('a version to have applied all', isEqual, 20_000).catch(async () =>
      found.push(...(await differences())),
    );
  }
  return found;
}

async function documentsOf(database: Db, version: number): Promise<Map<string, object>> {
  const [live] = await generationsOf(database, version);
  const { rolled_view: name = '' } = live?.collections ?? {};
  const all = await database.collection<{ _id: string }>(name).find().toArray();
  return new Map(all.map(({ _id, ...document }) => [_id, document]));
}

/** On the way back nothing is built again: each version has the only generation that it ever had. */
async function rebuilt(database: Db): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const version of VERSIONS) {
    const all = await generationsOf(database, version);
    if (all.length === 1 && all[0]?.number === 1 && all[0].state === 'live') continue;
    const message = `version ${version} has ${all.map(({ number, state }) => `generation ${number} (${state})`).join(', ')}`;
    found.push({ rule: 'generations', subject: `rolled@${version}`, message });
  }
  return found;
}

interface StoredGeneration {
  readonly number: number;
  readonly state: string;
  readonly collections: Readonly<Record<string, string>>;
}

function generationsOf(database: Db, version: number): Promise<StoredGeneration[]> {
  return database
    .collection<StoredGeneration>('nestfold.generations')
    .find({ projection: 'rolled', version })
    .toArray();
}
