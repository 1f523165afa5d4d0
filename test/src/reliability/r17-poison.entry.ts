import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProjectionEngine } from '@nestfold/projections';
import type { Violation } from '@nestfold/testing';
import { CURSED, STUBBORN } from '../crash/cursed-tally.js';
import { liveCollections, unreadableRef } from '../crash/judge.js';
import { FailPoint } from '../faults/fail-point.js';
import type { Adder } from '../support/adder.js';
import { clock } from '../support/clock.js';
import { insertRaw, rawCommit } from '../support/raw-commit.js';
import { until } from '../support/until.js';
import type { Entry } from './entry.js';
import { meanLagMs, noLonger } from './lag-meter.js';
import { inSeconds } from './line.js';
import type { Stage } from './stage.js';

const settings = { attempts: 3, backoffMs: 20, backoffMaxMs: 200, requestPollMs: 200, quarantineStreams: 10_000 };
const REFUSALS = 20 * settings.attempts;
const projections = ['tallies', 'cursed-tallies'] as const;

/** Events that cannot be applied: their streams wait in order, all others go on, and nothing is missing when the code is mended. */
export const poison: Entry = {
  id: 'R17',
  title:
    'poison: a handler that throws for ever or twice, an unreadable payload, an unknown type, a dead letter that cannot be stored [X-1, X-2]',
  async run(stage) {
    const { faults, database, client, ledger } = stage;
    const streams = stage.pick(6, 40);
    const whileMs = stage.pick(6_000, 60_000);
    const everyMs = stage.pick(200, 600);
    const orders = { callers: 6, pauseMs: 20, projections, settings };
    const appName = `poisoned-${randomUUID()}`;
    const first = await stage.worker({ ...orders, appName });
    await first.until('additions to be projected', async () => (await stage.applied()) > 100);
    const adder = await stage.adder();
    const trickle = new Trickle(stage, adder, everyMs);
    const before = await trickle.while(whileMs, 'n', 1);
    const began = clock();

    // A dead letter that cannot be stored for a while, and more often than anything is tried: the batch's transaction fails, so nothing moves meanwhile.
    const namespace = `${database.databaseName}.nestfold.parked`;
    const refused = await FailPoint.set(
      client,
      { times: REFUSALS },
      { failCommands: ['update', 'insert', 'bulkWrite'], namespace, errorCode: 2 },
    );
    for (let index = 0; index < streams; index += 1) {
      await addAround(adder, `p${index}`, CURSED);
      await addAround(adder, `q${index}`, STUBBORN);
    }
    const wasRefused = await refused.isMet(40_000, REFUSALS);
    await refused.off();
    await addRaw(stage, adder, 'u0', { d: null }, unreadableRef('tally-u0', 2));
    // Of a type that nobody knows: it is no event of these projections, and keeps nobody waiting.
    await addRaw(stage, adder, 'x0', { t: 'tally.unheard' });

    const asker = await stage.engine({ requestPollMs: 200 }, { projections: [...projections], roles: [] });
    const begun = streams + projections.length;
    await first.until('the poison to be parked', async () => (await letters(asker)).length >= begun, 60_000);
    const parkedAfter = clock() - began;
    // Poison goes on to come, now and then.
    const during = await trickle.while(whileMs, 'm', CURSED);
    const expected = begun + trickle.ended;
    await first.until('all of it to be parked', async () => (await letters(asker)).length >= expected, 60_000);
    // The others go on: both projections apply what comes now.
    await stage.acknowledges(first, 100);
    const free = await adder.add(adder.of('free', 1)).then(() => clock());
    await first.until(
      'another stream to be projected',
      async () => (await viewOf(stage, 'free')) !== undefined,
      30_000,
    );
    const passed = clock() - free;
    const violations = await tooFarOrTooFew(stage, streams, trickle.ended);
    faults.met(began);
    await first.kill();

    // The code is mended: what waited is applied in order; what nobody can read is discarded.
    const second = await stage.worker({ ...orders, healed: true, repeat: ledger.open });
    const redriven = clock();
    for (const { id, stream } of await letters(asker))
      if (stream === 'tally-u0') await asker.discardDeadLetter(id, 'R17');
      else await asker.retryDeadLetter(id, 'R17');
    await second.until('nothing to be parked', async () => (await letters(asker)).length === 0, 60_000);
    faults.resumed(redriven);
    await second.settled(60_000);
    return {
      planned: wasRefused ? 1 : 2,
      acknowledged: 200,
      bounds: [noLonger('other_lag_ms', before, during)],
      violations,
      figures: {
        parked: expected,
        other_lag_ms: { before, during },
        parked_within_s: inSeconds(parkedAfter),
        others_pass_s: inSeconds(passed),
        letters_refused: wasRefused,
      },
    };
  },
};

/** Adds around an odd one now and then, each time to another tally, while it is measured how long the additions of all others wait. */
class Trickle {
  /** How many of the last kind came. */
  ended = 0;

  constructor(
    private readonly stage: Stage,
    private readonly adder: Adder,
    private readonly everyMs: number,
  ) {}

  async while(forMs: number, letter: string, by: number): Promise<number> {
    this.ended = 0;
    let on = true;
    const adding = (async () => {
      for (; on; this.ended += 1) {
        await addAround(this.adder, `${letter}${this.ended}`, by);
        await pause(this.everyMs);
      }
    })();
    // `t` begins the names of the workers' tallies.
    const { ledger } = this.stage;
    const acknowledged = (): number => ledger.countOf('tally-t');
    const lag = await meanLagMs(forMs, { acknowledged, projected: () => this.projected() });
    on = false;
    await adding;
    return lag;
  }

  private async projected(): Promise<number> {
    const { cursed_view = '' } = await liveCollections(this.stage.database);
    const [sum] = await this.stage.database
      .collection<{ _id: string }>(cursed_view)
      .aggregate<{ changes: number }>([
        { $match: { _id: { $regex: '^t' } } },
        { $group: { _id: null, changes: { $sum: '$changes' } } },
      ])
      .toArray();
    return sum?.changes ?? 0;
  }
}

/** Two additions, an odd one, and two that must wait behind it. */
async function addAround(adder: Adder, tallyId: string, by: number): Promise<void> {
  for (const one of [1, 2, by, 3, 4]) await adder.add(adder.of(tallyId, one));
}

/** An odd event as no append would store it, between two others; no aggregate can be loaded behind it. */
async function addRaw(stage: Stage, adder: Adder, tallyId: string, odd: object, oddRef?: string): Promise<void> {
  for (const version of [1, 2, 3]) {
    const addition = adder.of(tallyId, version);
    const commit = rawCommit(addition, version);
    const isOdd = version === 2;
    const ref = isOdd && oddRef !== undefined ? oddRef : addition.ref;
    const pending = stage.ledger.append(commit._id.s, version - 1, [ref]);
    await insertRaw(stage.database, [isOdd ? { ...commit, e: [{ ...commit.e[0]!, ...odd }] } : commit]);
    pending.ok(version);
  }
}

async function letters(asker: ProjectionEngine) {
  const { deadLetters } = await asker.deadLetters({ limit: 500 });
  return deadLetters;
}

async function viewOf({ database }: Stage, tallyId: string): Promise<Record<string, unknown> | undefined> {
  const { cursed_view = '' } = await liveCollections(database);
  return (await database.collection<{ _id: string }>(cursed_view).findOne({ _id: tallyId })) ?? undefined;
}

/** While they are parked: no stream went past its poison, none before it is missing, and the stubborn ones were not parked. */
async function tooFarOrTooFew(stage: Stage, streams: number, later: number): Promise<Violation[]> {
  const found: Violation[] = [];
  await until('the stubborn ones to be applied', async () => {
    const views = await Promise.all(Array.from({ length: streams }, (_, index) => viewOf(stage, `q${index}`)));
    return views.every((view) => view?.['changes'] === 5);
  });
  const numbered = (letter: string, count: number) => Array.from({ length: count }, (_, index) => `${letter}${index}`);
  for (const id of [...numbered('p', streams), ...numbered('m', later)]) {
    const view = await viewOf(stage, id);
    if (view?.['changes'] === 2) continue;
    const message = `${id} shows ${String(view?.['changes'])} changes beside its poison instead of 2`;
    found.push({ rule: 'delivered', subject: id, message });
  }
  return found;
}
