import type { Violation } from '@nestfold/testing';
import type { Document } from 'mongodb';
import { clock } from '../support/clock.js';
import { until } from '../support/until.js';
import type { Entry, Outcome } from './entry.js';
import { inSeconds, quantile } from './line.js';
import type { Stage } from './stage.js';

/** Kills the primary of three nodes; it comes back each time. */
export const primaryKill: Entry = {
  id: 'R08',
  title: 'kill -9 of the primary of three nodes; the node rejoins [W-3]',
  server: { nodes: 3 },
  async run(stage) {
    if (!stage.short) await useDefaultElections(stage);
    return failOver(stage, {
      rounds: stage.pick(2, 10),
      everyMs: stage.pick(1_000, 40_000),
      gap: { p50: 12, max: 20 },
      fault: async () => {
        const { server } = stage;
        const primary = await until('a primary', () => server.primary());
        await server.kill(primary);
        return () => server.restart(primary);
      },
    });
  },
};

/** Has the primary of three nodes step down again and again. */
export const stepDown: Entry = {
  id: 'R09',
  title: 'the primary of three nodes steps down [W-3]',
  server: { nodes: 3 },
  run: (stage) =>
    failOver(stage, {
      rounds: stage.pick(3, 15),
      everyMs: stage.pick(2_000, 20_000),
      gap: { p50: 3, max: 3 },
      fault: async () => {
        const before = await until('a primary', () => stage.server.primary());
        const command = { replSetStepDown: 5, secondaryCatchUpPeriodSecs: 3, force: true };
        // The connection may end with it.
        await stage.client
          .db('admin')
          .command(command)
          .catch(() => undefined);
        await until('another primary', async () => (await stage.server.primary()) !== before);
        return () => Promise.resolve();
      },
    }),
};

interface Failover {
  readonly rounds: number;
  readonly everyMs: number;
  /** What the longest time without an acknowledgement may be, in seconds: of half of the faults, and of all. */
  readonly gap: { readonly p50: number; readonly max: number };
  /** Makes it, and answers how to mend it. */
  readonly fault: () => Promise<() => Promise<void>>;
}

async function failOver(stage: Stage, { rounds, everyMs, gap, fault }: Failover): Promise<Outcome> {
  const { ledger, faults } = stage;
  const worker = await stage.worker({ leaseMs: 3_000, callers: 12, readers: 2 });
  await worker.until('the first additions to be projected', async () => (await stage.applied()) > 50, 60_000);
  for (let round = 0; round < rounds; round += 1) {
    const begun = clock();
    const mend = await fault();
    await stage.acknowledges(worker, 50);
    await stage.resumes(worker, begun);
    await mend();
    faults.met(begun);
    await worker.until('the next fault to be due', () => clock() - begun > everyMs, everyMs + 60_000);
  }
  await worker.settled(60_000);
  const gaps = gapsOf(stage);
  const final = ledger.refusals.filter(({ retry }) => retry === 'never');
  return {
    planned: rounds,
    acknowledged: 100 * rounds,
    violations: final.map(({ ref, code }): Violation => ({
      rule: 'unhandled',
      subject: ref,
      message: `refused for good with ${code}`,
    })),
    bounds: [
      { what: 'write_gap_p50_s', was: gaps.p50, atMost: gap.p50 },
      { what: 'write_gap_max_s', was: gaps.max, atMost: gap.max },
    ],
    figures: { write_gap_s: gaps, refusals: ledger.refusals.length, final_errors: final.length },
  };
}

/** The longest time without an acknowledgement in each fault. */
function gapsOf({ ledger, faults }: Stage): Record<'p50' | 'max', number | null> {
  const times = ledger.appends
    .flatMap(({ completed }) => (completed === undefined ? [] : [completed]))
    .sort((a, b) => a - b);
  const longest = faults.windows.map(({ from, to }) => {
    let gap = 0;
    for (let index = 1; index < times.length; index += 1)
      if (times[index]! > from && times[index - 1]! < to) gap = Math.max(gap, times[index]! - times[index - 1]!);
    return gap;
  });
  return { p50: inSeconds(quantile(longest, 0.5)), max: inSeconds(quantile(longest, 1)) };
}

/** As a set has them that nobody tuned. */
async function useDefaultElections({ client }: Stage): Promise<void> {
  const admin = client.db('admin');
  const { config } = (await admin.command({ replSetGetConfig: 1 })) as { config: Document };
  const settings = {
    ...(config['settings'] as Document),
    electionTimeoutMillis: 10_000,
    heartbeatIntervalMillis: 2_000,
  };
  await admin.command({ replSetReconfig: { ...config, version: Number(config['version']) + 1, settings } });
}
