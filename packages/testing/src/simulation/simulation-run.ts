import type { CommitReceipt, Generation, NewEvent } from '@nestfold/core';
import { finalLogOf } from '../history/final-log.js';
import { HistoryRecorder } from '../history/history-recorder.js';
import type { Violation } from '../history/history.js';
import { judgeHistory } from '../history/judge-history.js';
import type { Chance } from './chance.js';
import { ClusterObserver } from './cluster-observer.js';
import { DeliveryRecorder } from './delivery-recorder.js';
import { calm } from './fault-rates.js';
import { judgeSwap } from './judge-swap.js';
import { ledgerScenario } from './ledger/ledger.scenario.js';
import { Nemesis } from './nemesis.js';
import type { Network } from './network.js';
import { Quiet } from './quiet.js';
import { withProjections, type Scenario } from './scenario.js';
import { SimulatedClient } from './simulated-client.js';
import { SimulatedCluster, type Alteration } from './simulated-cluster.js';
import type { SimulatedProcess } from './simulated-process.js';
import { SimulatedReader } from './simulated-reader.js';
import type { SimulationProfile } from './simulation-profile.js';

const READ_PAUSE_MS = 350;

/** One run: starts the cluster, makes trouble, lets it heal, waits until it is quiet, and judges. */
export class SimulationRun {
  private readonly scenario: Scenario;
  private readonly cluster: SimulatedCluster;
  private readonly observer = new ClusterObserver((generation) => this.judgeSwap(generation));
  private readonly history = new HistoryRecorder();
  private readonly deliveries = new DeliveryRecorder();
  private readonly found: Violation[] = [];
  private readonly nemesis: Nemesis;
  private readonly readers: SimulatedReader[] = [];
  private isOver = false;

  constructor(
    private readonly network: Network,
    private readonly profile: SimulationProfile,
    options: { readonly scenario?: Scenario; readonly alter?: Alteration },
    private readonly chance: Chance,
  ) {
    this.scenario = withProjections(options.scenario ?? ledgerScenario, profile.projections);
    this.cluster = new SimulatedCluster(network, {
      scenario: this.scenario,
      settings: profile.settings,
      horizonSeconds: profile.horizonSeconds,
      transactionLifetimeMs: profile.transactionLifetimeMs,
      skewMs: profile.skewMs,
      handlers: (process) =>
        profile.handlers ? this.deliveries.handlers(this.scenario, () => this.handling(process)) : [],
      alter: options.alter,
      observe: (store) => this.observer.watch(store),
    });
    this.nemesis = new Nemesis(this.cluster, this.scenario, profile, chance.fork());
  }

  get counts(): { commits: number; batches: number; swaps: number; waits: number; troubles: number } {
    const troubles = [...this.nemesis.made.values()].reduce((sum, one) => sum + one, 0);
    return {
      commits: this.cluster.database.log.length,
      batches: this.observer.batches,
      swaps: this.observer.swaps,
      waits: this.readers.reduce((sum, { applied }) => sum + applied, 0),
      troubles,
    };
  }

  async main(): Promise<Violation[]> {
    const { network, profile, cluster, nemesis } = this;
    this.scenario.poison?.set(profile.poison);
    for (let index = 0; index < profile.processes; index += 1) await cluster.spawn();
    const clients = Array.from({ length: profile.clients }, (_, index) => this.client(index + 1));
    this.readInAll();
    network.faults = profile.rates;
    await nemesis.run();
    network.faults = calm;
    this.scenario.poison?.set(false);
    network.trace.note('everything heals');
    await nemesis.heal();
    this.isOver = true;
    await Promise.all(clients);
    const restless = await new Quiet(cluster, this.scenario, profile, this.chance.fork()).violations();
    return [...restless, ...this.judge()];
  }

  /** A handler's own work takes time and fails now and then. */
  private async handling({ environment }: SimulatedProcess): Promise<void> {
    await environment.sleep(this.network.latency());
    if (this.chance.happens(this.network.faults.failBefore)) throw new Error('Simulated: the handler failed.');
  }

  private async client(number: number): Promise<void> {
    const { process, connection } = await this.cluster.client(`c${number}`);
    const { scenario, history, chance, profile } = this;
    const client = new SimulatedClient(
      process,
      connection,
      scenario,
      history,
      chance.fork(),
      profile.clientPauseMs,
      (receipt, events) => this.waitFor(receipt, events),
    );
    // A client that hangs has given up: its append stays unknown.
    const run = client.run(() => this.isOver || process.isHung);
    return Promise.race([run, this.untilOver(process)]);
  }

  private async untilOver(process: { readonly isHung: boolean }): Promise<void> {
    while (!(this.isOver && process.isHung)) {
      await this.network.clock.pass(500);
      if (this.isOver && !process.isHung) await this.network.clock.pass(5_000);
    }
  }

  /** Readers in every process, also in those that start later. */
  private readInAll(): void {
    if (this.isOver) return;
    for (const member of this.cluster.alive) {
      if (this.readers.some((reader) => reader.member === member)) continue;
      // A stream that is parked in one generation need not be so in the next one: there reads may go back.
      const tell = (one: Violation): unknown => this.profile.poison || this.found.push(one);
      const reader = new SimulatedReader(member, this.scenario, this.chance.fork(), READ_PAUSE_MS, tell);
      this.readers.push(reader);
      this.expectNoError(reader.run(() => this.isOver));
    }
    this.network.clock.after(300, () => this.readInAll());
  }

  /** Somebody waits for what was just acknowledged, in any process. */
  private waitFor(receipt: CommitReceipt, events: readonly NewEvent[]): void {
    const readers = this.readers.filter(({ member }) => !member.process.isDead);
    if (readers.length > 0 && this.chance.happens(0.5))
      this.expectNoError(this.chance.pick(readers).waitFor(receipt, events));
  }

  private expectNoError(reading: Promise<void>): void {
    reading.catch((error: unknown) =>
      this.found.push({ rule: 'unhandled', subject: 'reader', message: `A read failed: ${String(error)}` }),
    );
  }

  dispose(): Promise<void> {
    return this.cluster.dispose();
  }

  /** A stream that is parked in one generation need not be so in the other: there readers may go back. */
  private judgeSwap(generation: Generation): void {
    if (!this.profile.poison) this.found.push(...judgeSwap(this.cluster.database, this.scenario, generation));
  }

  private judge(): Violation[] {
    const { database } = this.cluster;
    return [
      ...this.found,
      ...judgeHistory(this.history, finalLogOf(database.log)),
      ...this.observer.checkpoints.violations,
      ...(this.profile.handlers ? this.deliveries.judge(database.log) : []),
    ];
  }
}
