import {
  silentLogger,
  systemEnvironment,
  type Commit,
  type RelayedCommit,
  type StoreConnection,
  type TransportConnection,
  type Type,
} from '@nestfold/core';
import { testDatabase, testKafka, type TestKafka } from '@nestfold/dev-stack';
import { mongo } from '@nestfold/mongodb';
import { ProjectionEngine, projectionDefinitionOf, type ProjectionEngineOptions } from '@nestfold/projections';
import { Kafka, logLevel, Partitioners, type Admin, type Producer } from 'kafkajs';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { KafkaTopicOptions } from '../src/connection/kafka-options.js';
import { kafka } from '../src/kafka.js';
import { orderEvents } from './orders.fixture.js';

const runtime = { environment: systemEnvironment, logger: silentLogger };

/** A broker for a file, a database and topics for each test, and all that a test opens. */
export class Rig {
  brokers: readonly string[] = [];
  prefix = '';
  database = testDatabase('kafka');
  private readonly closing: (() => Promise<unknown>)[] = [];

  /** A connection to the store, as of a process of its own; with a name, to that of another service. */
  async store(service?: string): Promise<StoreConnection> {
    const other = service === undefined ? undefined : testDatabase(service);
    const { uri, name: database } = other ?? this.database;
    if (other !== undefined) this.closing.push(() => other.drop());
    const store = await mongo({ uri, database }).connect(runtime);
    this.closing.push(() => store.close());
    return store;
  }

  async transport(topics: readonly KafkaTopicOptions[], more: object = {}): Promise<TransportConnection> {
    const transport = await kafka({ brokers: this.brokers, prefix: this.prefix, topics, ...more }).connect(runtime);
    this.closing.push(() => transport.close());
    return transport;
  }

  engine(
    connection: StoreConnection,
    transport: TransportConnection,
    roles: readonly string[],
    projections: readonly Type<object>[] = [],
    more: Partial<ProjectionEngineOptions> = {},
  ): ProjectionEngine {
    const engine = new ProjectionEngine({
      connection,
      transport,
      projections: projections.map(projectionDefinitionOf),
      handlers: [],
      types: orderEvents,
      ...runtime,
      node: { id: systemEnvironment.uuid(), host: 'test', pid: process.pid, build: 'test', roles, commands: [] },
      settings: { leaseMs: 1_500, leasePollMs: 50, heartbeatMs: 250, backoffMs: 5, backoffMaxMs: 100, graceMs: 400 },
      ...more,
    });
    this.closing.push(() => engine.stop());
    return engine;
  }

  /** A client of somebody who may write to any topic, and delete it. */
  async stranger(): Promise<{ readonly producer: Producer; readonly admin: Admin }> {
    const client = new Kafka({ brokers: [...this.brokers], logLevel: logLevel.NOTHING });
    const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    const admin = client.admin();
    this.closing.push(() => Promise.all([producer.disconnect(), admin.disconnect()]));
    await Promise.all([producer.connect(), admin.connect()]);
    return { producer, admin };
  }

  /** What was opened last ends first. */
  async end(): Promise<void> {
    for (const close of this.closing.splice(0).reverse()) await close();
    await this.database.drop();
  }
}

/** To be called once by a spec file: everything that a test opens ends with it. */
export function rigForEach(): Rig {
  const rig = new Rig();
  let shared: TestKafka;
  let count = 0;
  beforeAll(async () => {
    shared = await testKafka('transport');
    rig.brokers = shared.brokers;
  });
  afterEach(async () => {
    await rig.end();
    rig.database = testDatabase('kafka');
    count += 1;
    rig.prefix = `${shared.prefix}${count}`;
  });
  beforeAll(() => {
    rig.prefix = `${shared.prefix}0`;
  });
  afterAll(() => shared.drop());
  return rig;
}

/** All that a topic holds now, partition after partition. */
export async function contentOf(transport: TransportConnection, topic: string): Promise<RelayedCommit[]> {
  const reader = transport.reader('content', topic);
  try {
    const found: RelayedCommit[] = [];
    for (const { partition, earliest, end } of await transport.reach(topic)) {
      const subscription = reader.open(partition, earliest);
      for (let next = earliest; next < end;) {
        const batch = await subscription.next({ max: 10_000, waitMs: 1_000 });
        next = batch.next;
        for (const message of batch.messages) {
          if (!('relayed' in message)) throw new Error(message.problem);
          found.push(message.relayed);
        }
      }
      await subscription.close();
    }
    return found;
  } finally {
    await reader.close();
  }
}

/** What of the topic comes first of its place in the stream, by stream; throws where one is left out or comes too early. */
export function deduplicated(content: readonly RelayedCommit[]): ReadonlyMap<string, readonly Commit[]> {
  const streams = new Map<string, Commit[]>();
  for (const { commit } of content) {
    const stream = streams.get(commit.stream) ?? [];
    const seen = stream.reduce((sum, { events }) => sum + events.length, 0);
    if (commit.firstVersion > seen + 1)
      throw new Error(`${commit.stream}: ${commit.firstVersion} comes after ${seen}.`);
    if (commit.firstVersion === seen + 1) stream.push(commit);
    streams.set(commit.stream, stream);
  }
  return streams;
}

/** All commits of a store, by stream. */
export async function storedStreams({ feed }: StoreConnection): Promise<ReadonlyMap<string, readonly Commit[]>> {
  const streams = new Map<string, Commit[]>();
  for await (const commits of feed.history({ before: 'ffffffffffffffff', asOf: await feed.now() }))
    for (const commit of commits) streams.set(commit.stream, [...(streams.get(commit.stream) ?? []), commit]);
  return streams;
}

/** The streams whose commits differ, as far as they are sent: keys and hashes stay in the store. */
export function differences(
  topic: ReadonlyMap<string, readonly Commit[]>,
  store: ReadonlyMap<string, readonly Commit[]>,
): string[] {
  const text = (commits: readonly Commit[] | undefined): string =>
    JSON.stringify(commits?.map(({ keyed: _keyed, bodyHash: _hash, ...commit }) => commit));
  return [...new Set([...topic.keys(), ...store.keys()])].filter(
    (stream) => text(topic.get(stream)) !== text(store.get(stream)),
  );
}
