import {
  inMemory,
  InMemoryDatabase,
  silentLogger,
  type Environment,
  type Logger,
  type StoreConnection,
} from '@nestfold/core';
import {
  projectionDefinitionOf,
  ProjectionEngine,
  type EngineSettings,
  type RegisteredHandler,
} from '@nestfold/projections';
import { distantConnection } from './distant-connection.js';
import type { Network } from './network.js';
import { OpenTransactions } from './open-transactions.js';
import type { Build } from './scenario.js';
import { SimulatedProcess } from './simulated-process.js';

/** Changes the store of a process: a test breaks one of its protections so. */
export type Alteration = (
  store: StoreConnection,
  cluster: SimulatedCluster,
  process: SimulatedProcess,
) => StoreConnection;

/** What the processes of a cluster are made of. */
export interface ClusterOptions {
  /** What processes are of that are started. */
  readonly build: Build;
  /** Settings of a process of a build. */
  readonly settings: (build: Build) => Partial<EngineSettings>;
  readonly horizonSeconds: number;
  readonly transactionLifetimeMs: number;
  /** The processes' clocks are off by up to so many milliseconds. */
  readonly skewMs: number;
  readonly handlers?: (process: SimulatedProcess, build: Build) => readonly RegisteredHandler[];
  readonly alter?: Alteration | undefined;
  /** Sees the stores of all processes, beneath the network and above what is altered. */
  readonly observe?: (store: StoreConnection, process: SimulatedProcess) => StoreConnection;
}

/** A process of the cluster with its engine. */
export interface Member {
  readonly process: SimulatedProcess;
  readonly build: Build;
  readonly connection: StoreConnection;
  readonly engine: ProjectionEngine;
}

/** Several processes on one database, all of them simulated. */
export class SimulatedCluster {
  readonly database: InMemoryDatabase;
  /** All that ever were; the dead ones too. */
  readonly members: Member[] = [];
  /** The build of processes that start from now on. */
  deployed: Build;
  private readonly transactions: OpenTransactions;
  /** The database's own: it is never paused. */
  private readonly server: Environment;

  constructor(
    readonly network: Network,
    private readonly options: ClusterOptions,
  ) {
    const { clock, chance } = network;
    this.deployed = options.build;
    this.database = new InMemoryDatabase(() => Math.floor(clock.now()));
    this.database.holdOpen = () => {
      const { hold, holdMs } = network.faults;
      return chance.happens(hold) ? clock.pass(chance.between(0, holdMs)) : undefined;
    };
    this.transactions = new OpenTransactions(clock, options.transactionLifetimeMs);
    this.server = new SimulatedProcess('server', clock, chance.fork(), 0).environment;
  }

  /** The processes that are not dead. */
  get alive(): readonly Member[] {
    return this.members.filter(({ process }) => !process.isDead);
  }

  /** A process without an engine, such as an operator's or a client's, and its way to the store. */
  async client(name: string): Promise<{ readonly process: SimulatedProcess; readonly connection: StoreConnection }> {
    const process = this.process(name);
    return { process, connection: await this.connect(process) };
  }

  /** Starts a process. Its engine's start goes on behind it, and is tried again until it succeeds or the process dies. */
  async spawn(build = this.deployed): Promise<Member> {
    const { settings, handlers } = this.options;
    const process = this.process(`p${this.members.length + 1}`, build);
    const connection = await this.connect(process);
    const engine = new ProjectionEngine({
      connection,
      projections: build.projections.map(projectionDefinitionOf),
      handlers: handlers?.(process, build) ?? [],
      types: build.types,
      environment: process.environment,
      logger: this.loggerOf(process),
      node: {
        id: process.environment.uuid(),
        host: 'simulation',
        pid: this.members.length + 1,
        build: build.name,
        roles: ['projections', 'handlers'],
        commands: [],
      },
      settings: settings(build),
    });
    const member = { process, build, connection, engine };
    this.members.push(member);
    this.network.trace.note(`${process.name} starts (${build.name})`);
    // As a supervisor would: a process whose start failed ends, and another one begins.
    engine.start().catch(async (error: unknown) => {
      this.network.trace.note(`${process.name} could not start: ${String(error)}`);
      if (process.isDead) return;
      process.kill();
      await this.network.clock.pass(100);
      await this.spawn(build);
    });
    return member;
  }

  kill({ process }: Member): void {
    if (process.isDead) return;
    this.network.trace.note(`${process.name} is killed`);
    process.kill();
  }

  /** Ends all engines, those of dead processes too: what they wait for would never be forgotten. */
  async dispose(): Promise<void> {
    this.network.cut();
    for (const { process } of this.members) process.dispose();
    const stopped = Promise.allSettled(this.members.map(({ engine }) => engine.stop()));
    await Promise.race([stopped, this.network.clock.pass(3_000)]);
  }

  private process(name: string, build?: Build): SimulatedProcess {
    const { clock, chance } = this.network;
    const { skewMs } = this.options;
    return new SimulatedProcess(name, clock, chance.fork(), chance.between(-skewMs, skewMs), build);
  }

  private async connect(process: SimulatedProcess): Promise<StoreConnection> {
    const { horizonSeconds, alter, observe } = this.options;
    const store = await inMemory({ database: this.database, horizonSeconds }).connect({
      environment: this.server,
      logger: silentLogger,
    });
    const altered = alter?.(store, this, process) ?? store;
    return distantConnection(observe?.(altered, process) ?? altered, process, this.network, this.transactions);
  }

  private loggerOf({ name }: SimulatedProcess): Logger {
    const { trace } = this.network;
    const tell =
      (level: string) =>
      (message: string, details?: Readonly<Record<string, unknown>>): void =>
        trace.call(name, level, `${message}${details ? ` ${JSON.stringify(details)}` : ''}`);
    return { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') };
  }
}
