import { setTimeout as pause } from 'node:timers/promises';
import { streamName, type StoreConnection } from '@nestfold/core';
import type { ProjectionEngine } from '@nestfold/projections';
import type { Violation } from '@nestfold/testing';
import { TallyTrail } from '../load/tally-trail.js';
import type { Adder } from '../support/adder.js';
import { clock } from '../support/clock.js';
import { SteadyLoad } from '../support/steady-load.js';
import { until } from '../support/until.js';
import type { Entry } from './entry.js';
import { quantile } from './line.js';
import type { Stage } from './stage.js';
import { SwapWatch } from './swap-watch.js';

const PAIRS = [
  [1, 8],
  [4, 16],
] as const;
const PER_SECOND = 500;
const TALLIES = 500;
const CLIENTS = 4;
const PAUSE_MS = 10;
const HELD_MS = 2_000;

/** A projection goes from few partitions to many and back under load, while clients write, wait for what they wrote in one process, and read it in another. */
export const swapPartitions: Entry = {
  id: 'R24',
  title: 'swaps between 1 and 8 and between 4 and 16 partitions under 500 events a second; wait here, read there [B-4]',
  async run(stage) {
    const { faults, ledger } = stage;
    const times = stage.pick(2, 20);
    const projections = ['tally-trails'] as const;
    const settings = { graceMs: 10_000 };
    const workers = [];
    for (let index = 0; index < 2; index += 1)
      workers.push(await stage.worker({ callers: 0, projections, settings: { ...settings, partitions: 1 } }));
    const asker = await stage.engine(settings, { projections, roles: [] });
    const readers = [
      await stage.engine(settings, { projections, roles: [] }),
      await stage.engine(settings, { projections, roles: [] }, deaf),
    ];
    const load = SteadyLoad.start(stage.database, ledger, PER_SECOND, TALLIES);
    await stage.acknowledges(workers[0]!, PER_SECOND);
    const watch = await SwapWatch.start(stage.database, 'tally-trails.1');
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, (_, index) => Client.start(stage, asker, readers[index % 2]!)),
    );
    const held: Record<string, number[]> = {};
    for (const [few, many] of PAIRS)
      for (let swap = 0; swap < 2 * times; swap += 1) {
        const at = clock();
        const seen = watch.count;
        const partitions = swap % 2 === 0 ? many : few;
        // The first one of a pair comes from wherever the last one ended.
        const from = (await asker.status('tally-trails')).partitions.length;
        const { number } = await asker.rebuild('tally-trails', 'R24', { partitions });
        await until(
          'the swap',
          async () => (await asker.status('tally-trails')).generation === number && watch.count > seen,
          120_000,
        );
        (held[`${from}→${partitions}`] ??= []).push(...watch.heldMs.slice(seen));
        faults.met(at);
      }
    const perSecond = load.rate;
    await load.stop();
    for (const client of clients) await client.stop();
    await watch.stop();
    for (const worker of workers) await worker.settled(60_000);
    const waits = clients.flatMap((client) => client.waitsMs);
    const violations = clients.flatMap((client) => client.violations);
    return {
      planned: PAIRS.length * 2 * times,
      acknowledged: PER_SECOND,
      bounds: [{ what: 'held_max_ms', was: quantile(watch.heldMs, 1), atMost: HELD_MS }],
      violations,
      figures: {
        swaps: watch.heldMs.length,
        handed_back: watch.handedBack,
        held_p50_ms: quantile(watch.heldMs, 0.5),
        held_ms: held,
        events_per_s: perSecond,
        waits: waits.length,
        waits_in_vain: clients.reduce((sum, { inVain }) => sum + inVain, 0),
        wait_ms: { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99), max: quantile(waits, 1) },
        older_than_waited_for: violations.length,
      },
    };
  },
};

/** A process that no notice of a swap reaches. */
function deaf(connection: StoreConnection): StoreConnection {
  const generations = Object.create(connection.generations, {
    onChange: { value: () => () => undefined },
  }) as StoreConnection['generations'];
  return { ...connection, generations };
}

/** Writes, waits for it in one process, reads it in another: what it has waited for is there. */
class Client {
  readonly violations: Violation[] = [];
  readonly waitsMs: number[] = [];
  inVain = 0;
  private ended = false;
  private working: Promise<void> = Promise.resolve();

  private constructor(private readonly tallyId: string) {}

  static async start(stage: Stage, waiter: ProjectionEngine, reader: ProjectionEngine): Promise<Client> {
    const client = new Client(`w${Math.floor(stage.random() * 1e9)}`);
    client.working = client.work(await stage.adder(), waiter, reader);
    client.working.catch(() => undefined);
    return client;
  }

  async stop(): Promise<void> {
    this.ended = true;
    await this.working;
  }

  private async work(adder: Adder, waiter: ProjectionEngine, reader: ProjectionEngine): Promise<void> {
    const { tallyId } = this;
    while (!this.ended) {
      await pause(PAUSE_MS);
      const { version, position } = await adder.add(adder.of(tallyId, 1));
      const asked = clock();
      const { applied } = await waiter.waitFor('tally-trails', {
        stream: streamName('tally', tallyId),
        version,
        position,
      });
      if (!applied) {
        this.inVain += 1;
        continue;
      }
      this.waitsMs.push(Math.round(clock() - asked));
      const changes = (await reader.readModel(TallyTrail).findById(tallyId))?.changes ?? 0;
      if (changes >= version) continue;
      const message = `waited for version ${version} of ${tallyId}, and read ${changes}`;
      this.violations.push({ rule: 'wait-tells-truth', subject: tallyId, message });
    }
  }
}
