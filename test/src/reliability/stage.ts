import { randomUUID } from 'node:crypto';
import type { StoreConnection } from '@nestfold/core';
import type { MongoServer } from '@nestfold/dev-stack';
import type { EngineSettings, ProjectionEngine } from '@nestfold/projections';
import type { Violation } from '@nestfold/testing';
import type { Db, MongoClient } from 'mongodb';
import { appliedCount } from '../crash/judge.js';
import { Ledger } from '../crash/ledger.js';
import { WorkerProcess } from '../crash/worker-process.js';
import type { WorkerOrders } from '../crash/worker-protocol.js';
import { Adder } from '../support/adder.js';
import { clock } from '../support/clock.js';
import { connect } from '../support/connect.js';
import { seeded } from '../support/random.js';
import { startEngine, type MoreOfEngine } from '../support/running-engine.js';
import { FaultLog } from './fault-log.js';

const SAMPLE_MS = 250;

/** What an entry plays on: a server and a database of its own, worker processes, and the notes that are judged in the end. */
export class Stage {
  readonly ledger = new Ledger();
  readonly faults = new FaultLog();
  readonly random: () => number;
  readonly database: Db;
  lagMax = 0;
  /** The greatest age of an acknowledged event that was not projected. */
  lagMaxMs = 0;
  private readonly workers: WorkerProcess[] = [];
  private readonly engines: ProjectionEngine[] = [];
  private readonly connections: StoreConnection[] = [];
  private readonly sampling: NodeJS.Timeout;
  private busy = false;

  constructor(
    id: string,
    readonly server: MongoServer,
    readonly client: MongoClient,
    readonly short: boolean,
    seed: number,
  ) {
    this.random = seeded(seed);
    this.database = client.db(`${id.toLowerCase()}_${randomUUID().slice(0, 8)}`);
    this.sampling = setInterval(() => void this.sample(), SAMPLE_MS);
  }

  /** Of two numbers the one for this length of run. */
  pick<T>(short: T, full: T): T {
    return this.short ? short : full;
  }

  /** Starts a worker process and waits until it is ready. It projects, and appends with `callers` callers (default 8). */
  async worker(orders: Partial<WorkerOrders> = {}): Promise<WorkerProcess> {
    const worker = WorkerProcess.start(
      {
        uri: this.server.uri,
        database: this.database.databaseName,
        appName: `worker-${randomUUID()}`,
        leaseMs: 1_500,
        callers: 8,
        tallies: 40,
        ...orders,
      },
      this.ledger,
    );
    this.workers.push(worker);
    await worker.ready(60_000);
    return worker;
  }

  /** A connection of this process. */
  async connection(uri = this.server.uri, appName = 'stage'): Promise<StoreConnection> {
    const connection = await connect(uri, this.database.databaseName, appName);
    this.connections.push(connection);
    return connection;
  }

  /** An engine in this process. */
  async engine(
    settings: Partial<EngineSettings> = {},
    more: MoreOfEngine = {},
    through: (connection: StoreConnection) => StoreConnection = (connection) => connection,
  ): Promise<ProjectionEngine> {
    const engine = await startEngine(through(await this.connection()), settings, more);
    this.engines.push(engine);
    return engine;
  }

  /** Somebody who adds in this process. */
  async adder(uri?: string): Promise<Adder> {
    return new Adder(await this.connection(uri), this.ledger);
  }

  /** How many events are projected; -1 while nobody answers. */
  applied(): Promise<number> {
    return appliedCount(this.database).catch(() => -1);
  }

  /** Waits until the worker's projection has moved on, and notes how long that took from a moment. */
  async resumes(worker: WorkerProcess, from: number): Promise<void> {
    const before = await this.applied();
    await worker.until('the projection to go on', async () => (await this.applied()) > before, 60_000);
    this.faults.resumed(from);
  }

  /** Waits until so many more events are acknowledged. */
  async acknowledges(worker: WorkerProcess, more: number): Promise<void> {
    const target = this.ledger.events + more;
    await worker.until('additions to go on', () => this.ledger.events >= target, 60_000);
  }

  /** G7: nothing ended, and nothing failed, but by our doing. */
  troubles(): Violation[] {
    return this.workers.flatMap(({ trouble }) =>
      trouble === undefined ? [] : [{ rule: 'unhandled' as const, subject: 'a worker', message: trouble }],
    );
  }

  async close(): Promise<void> {
    clearInterval(this.sampling);
    await Promise.all(this.workers.map((worker) => worker.kill()));
    await Promise.all(this.engines.map((engine) => engine.stop()));
    await Promise.all(this.connections.map((connection) => connection.close()));
  }

  private async sample(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const { events } = this.ledger;
    const asked = clock();
    const applied = await this.applied();
    if (applied > 0) {
      this.lagMax = Math.max(this.lagMax, events - applied);
      this.lagMaxMs = Math.max(this.lagMaxMs, asked - (this.ledger.acknowledgedAt[applied] ?? asked));
    }
    this.busy = false;
  }
}
