import {
  envelopesOf,
  silentLogger,
  systemEnvironment,
  type Generation,
  type Logger,
  type StoreConnection,
  type StoredDocument,
} from '@nestfold/core';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { defaultSettings, type EngineSettings } from '../engine/engine-settings.js';
import { documents, log, memory } from '../fixtures/store.fixture.js';
import { ProjectionFold } from '../fold/projection-fold.js';
import type { EngineContext } from '../running/engine-context.js';
import { HeldPartition } from '../running/held-partition.js';
import { KnownNodes } from '../running/known-nodes.js';
import { Waiters } from '../waiting/waiters.js';
import { accountEvents, AccountProjection, stories, tell } from './accounts.fixture.js';
import { LoadRunner } from './load-runner.js';

export const accounts = projectionDefinitionOf(AccountProjection);

/** Many small ranges and batches, short times. */
export const hasty = {
  leaseMs: 1_000,
  leasePollMs: 20,
  backoffMs: 2,
  backoffMaxMs: 20,
  loadRangeCommits: 40,
  historyEvents: 25,
  drainMs: 500,
} satisfies Partial<EngineSettings>;

/** What a part of an engine works with, as a process of its own. */
export function processOf(
  connection: StoreConnection,
  settings: Partial<EngineSettings> = {},
  logger: Logger = silentLogger,
): EngineContext {
  const environment = systemEnvironment;
  const nodes = new KnownNodes(connection.nodes, environment, { own: environment.uuid(), maxAgeMs: 0, silentMs: 0 });
  return {
    connection,
    types: accountEvents,
    environment,
    logger,
    settings: { ...defaultSettings, ...hasty, ...settings },
    nodes,
    waiters: new Waiters(),
  };
}

/** A store with accounts, all of whose commits lie behind the horizon. */
export async function filled(count = 60, store?: StoreConnection): Promise<StoreConnection> {
  const filling = store ?? (await memory(undefined, { horizonSeconds: 0 }));
  await tell(filling, stories(count));
  return filling;
}

/** A generation of the accounts that is to be loaded. */
export async function begun({ generations, events }: StoreConnection, partitions = 2): Promise<Generation> {
  return generations.begin({
    projection: accounts.name,
    version: accounts.version,
    readModels: accounts.readModels.map(({ name }) => name),
    partitions,
    slicing: 'stream',
    epoch: await events.epoch(),
    startedBy: 'test',
  });
}

/** Loads a generation to the end, or until the signal. */
export async function loading(
  context: EngineContext,
  generation: Generation,
  signal = new AbortController().signal,
): Promise<void> {
  const runner = runnerOf(context, generation);
  try {
    await runner.run(signal);
  } finally {
    await runner.close();
  }
}

/** A runner that nobody listens to. */
export function runnerOf(context: EngineContext, generation: Generation, definition = accounts): LoadRunner {
  return new LoadRunner(context, definition, generation, { onBatch: () => undefined, onRetry: () => undefined });
}

/** All documents of a generation, by read model. */
export async function stored(
  store: StoreConnection,
  { collections }: Generation,
): Promise<Record<string, Map<string, StoredDocument>>> {
  const all: Record<string, Map<string, StoredDocument>> = {};
  for (const [model, collection] of Object.entries(collections)) all[model] = await documents(store, collection);
  return all;
}

/** What one ordered reader would have made of the same store, an event at a time. */
export async function sequential(store: StoreConnection): Promise<Record<string, Map<string, StoredDocument>>> {
  const collections = Object.fromEntries(
    accounts.readModels.map(({ name }) => [name, `${name}-${systemEnvironment.uuid()}`]),
  );
  for (const collection of Object.values(collections)) await store.readModels.create(collection);
  const key = systemEnvironment.uuid();
  const held = await HeldPartition.take(processOf(store, { leaseMs: 60_000 }), key, 'sequential');
  if (held === undefined) throw new Error('Nobody else can hold it.');
  const fold = new ProjectionFold(accounts, accountEvents, collections);
  for (const commit of await log(store)) {
    const batch = fold.begin();
    for (const event of envelopesOf(commit)) batch.add(event);
    const position = { phase: 'history', began: commit.time, horizon: commit.time } as const;
    await held.write(systemEnvironment.uuid(), { position }, (models) => batch.apply(models));
  }
  await held.release();
  return stored(store, { collections } as unknown as Generation);
}
