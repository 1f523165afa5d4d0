import type { CommitReceipt, Generation, NewEvent } from '@nestfold/core';
import { projectionDefinitionOf } from '@nestfold/projections';
import { eventIdOf, finalLogOf } from '../history/final-log.js';
import { HistoryRecorder } from '../history/history-recorder.js';
import type { Violation } from '../history/history.js';
import { judgeHistory } from '../history/judge-history.js';
import { BlameWatch } from './blame-watch.js';
import type { Chance } from './chance.js';
import { ClusterObserver } from './cluster-observer.js';
import { DeliveryRecorder } from './delivery-recorder.js';
import { calm } from './fault-rates.js';
import { judgeSwap } from './judge-swap.js';
import { ledgerScenario } from './ledger/ledger.scenario.js';
import { Nemesis } from './nemesis.js';
import type { Network } from './network.js';
import { Quiet } from './quiet.js';
import { partOf, type Build, type Scenario } from './scenario.js';
import { SimulatedClient } from './simulated-client.js';
import { SimulatedCluster, type Alteration } from './simulated-cluster.js';
import type { SimulatedProcess } from './simulated-process.js';
import { SimulatedReader } from './simulated-reader.js';
import { mayBeFenced, type SimulationProfile } from './simulation-profile.js';
import { VersionWatch } from './version-watch.js';

const READ_PAUSE_MS = 350;
/** By then who was paused has heard that it is fenced. */
const CLOSING_MS = 2_000;

/** One run: starts the cluster, makes trouble, lets it heal, waits until it is quiet, and judges. */
export class SimulationRun {
  private readonly scenario: Scenario;
  private readonly cluster: SimulatedCluster;
  private readonly observer: ClusterObserver;
  private readonly versions: VersionWatch;
  private readonly blame: BlameWatch;
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
    this.scenario = partOf(options.scenario ?? ledgerScenario, profile.projections, profile.newer);
    this.cluster = new SimulatedCluster(network, {
      build: this.scenario,
      settings: (build) => ({ ...profile.settings, ...this.keeping(build) }),
      horizonSeconds: profile.horizonSeconds,
      transactionLifetimeMs: profile.transactionLifetimeMs,
      skewMs: profile.skewMs,
      handlers: (process, build) =>
        profile.handlers ? this.deliveries.handlers(build, () => this.handling(process)) : [],
      alter: options.alter,
      observe: (store, { name, build }) => this.observer.watch(store, name, build),
    });
    const { database } = this.cluster;
    this.versions = new VersionWatch(database);
    this.blame = new BlameWatch(database, this.scenario);
    this.observer = new ClusterObserver(
      this.versions,
      this.blame,
      (generation) => this.judgeSwap(generation),
      (event) => this.deliveries.discard(event),
    );
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
    if (mayBeFenced(profile)) await this.close();
    const undelivered = (): Violation[] => (profile.handlers ? this.deliveries.judge(cluster.database.log) : []);
    const restless = await new Quiet(cluster, this.scenario, profile, this.chance.fork(), undelivered).violations();
    return [...restless, ...this.judge()];
  }

  /** Two builds that are beside each other may be configured differently. */
  private keeping(build: Build): { readonly versionKeepMs?: number } {
    const { newer, keepMs } = this.profile;
    return newer === undefined ? {} : { versionKeepMs: keepMs[build === this.scenario ? 0 : 1] };
  }

  /**
   * What a process wrote without a transaction when it had been fenced is right again with the document's next event, that is what is promised: so there
   * is one, after all such processes have heard of it.
   */
  private async close(): Promise<void> {
    const { scenario, network, cluster, chance } = this;
    const isPlain = scenario.projections.some((one) => projectionDefinitionOf(one).mode === 'plain');
    if (scenario.closing === undefined || !isPlain) return;
    await network.clock.pass(CLOSING_MS);
    const { connection } = await cluster.client('closing');
    for (const stream of scenario.streams) {
      const { version } = await connection.events.read(stream);
      const events = scenario.closing(stream, version.version);
      const commitId = chance.uuid();
      const metadata = { correlationId: '', causationId: '' };
      const pending = this.history.append(
        stream,
        version.version,
        events.map((_, index) => eventIdOf(commitId, index)),
      );
      const [receipt] = await connection.events.append([{ stream, expected: version, events, commitId, metadata }]);
      pending.ok(receipt!.version);
    }
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
      () => chance.pick(this.cluster.alive.length > 0 ? this.cluster.alive : this.cluster.members).build.types,
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
      const reader = new SimulatedReader(
        member,
        this.scenario,
        this.chance.fork(),
        READ_PAUSE_MS,
        () => this.versions.drops,
        mayBeFenced(this.profile),
        tell,
      );
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
      ...this.versions.violations,
      ...this.blame.violations,
    ];
  }
}
