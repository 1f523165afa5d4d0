import { startMongo } from '@nestfold/dev-stack';
import { MongoClient } from 'mongodb';
import { judge } from '../crash/judge.js';
import { clock } from '../support/clock.js';
import { brokenBounds, type Finding } from './bound.js';
import type { Entry, Outcome } from './entry.js';
import { lineOf, type Line } from './line.js';
import { Stage } from './stage.js';

/** What became of an entry. */
export interface RunResult {
  readonly line: Line;
  readonly violations: readonly Finding[];
}

/** Runs an entry on a server of its own and judges it. One that throws is void, and says why. */
export async function runEntry(
  entry: Entry,
  options: { readonly short: boolean; readonly seed: number },
): Promise<RunResult> {
  const { id } = entry;
  const { short, seed } = options;
  const begun = clock();
  const server = await startMongo({ ephemeral: entry.server ?? {}, ignoreUri: true });
  const client = await new MongoClient(server.uri).connect();
  const stage = new Stage(id, server, client, short, seed);
  const finish = (outcome: Outcome, violations: readonly Finding[]): RunResult => {
    const seconds = (clock() - begun) / 1_000;
    return { line: lineOf({ id, seed, seconds }, stage, outcome, violations), violations };
  };
  try {
    const outcome = await entry.run(stage);
    const judged = await judge(stage.database, stage.ledger, outcome.without);
    return finish(outcome, [...(outcome.violations ?? []), ...brokenBounds(outcome), ...stage.troubles(), ...judged]);
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const figures = { error: why.split('\n')[0] };
    const violation: Finding = { rule: 'settled', subject: id, message: why };
    return finish({ planned: Infinity, acknowledged: 0, figures }, [...stage.troubles(), violation]);
  } finally {
    await stage.close();
    await client.close();
    await server.stop();
  }
}
