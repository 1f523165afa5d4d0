import { randomUUID } from 'node:crypto';
import {
  loadedVersion,
  storeTime,
  type Checkpoint,
  type CommitReceipt,
  type Generation,
  type Lease,
  type NewGeneration,
  type StoreConnection,
  type StreamAppend,
} from '@nestfold/core';
import type { StoreFixture } from './fixture.js';

const NOWHERE = { token: '0', time: storeTime(0, 0) };

/** How a store that does nothing answers: as if nothing were there, or as if all had gone well. */
export type Manner = 'mute' | 'polite';

/** Accepts everything, keeps nothing and finds nothing: what a case must tell from a store. */
function doNothing(manner: Manner): StoreConnection {
  const polite = manner === 'polite';
  return {
    events: {
      capabilities: new Set(),
      append: async (streams) => (polite ? streams.map(receiptOf) : []),
      read: async (stream) => ({ stream, commits: [], version: loadedVersion(0) }),
      head: async () => undefined,
      findKeyed: async () => undefined,
      epoch: async () => (polite ? randomUUID() : ''),
    },
    snapshots: { find: async () => undefined, save: async () => undefined, remove: async () => undefined },
    feed: {
      horizonSeconds: 0,
      now: async () => storeTime(0, 0),
      history: async function* () {},
      recent: async function* () {},
      byStream: async function* () {},
      streamBounds: async () => [],
      reaches: async () => true,
      reach: async () => undefined,
      subscribe: () => ({ next: async () => ({ commits: [], position: NOWHERE }), close: async () => undefined }),
      estimateCommits: async () => 0,
      eventsAfter: async () => 0,
      holds: async () => polite,
      lateness: () => ({ lastSeconds: 0, maxSeconds: 0 }),
    },
    leases: {
      acquire: async (key, request) => (polite ? leaseOf({ key, ...request, token: 1 }, request.ttlMs) : undefined),
      renew: async (lease, ttlMs) => (polite ? leaseOf(lease, ttlMs) : undefined),
      release: async () => undefined,
      find: async () => undefined,
      findAll: async () => [],
      forget: async () => undefined,
    },
    checkpoints: {
      find: async () => undefined,
      findAll: async () => [],
      claim: async (key, token): Promise<Checkpoint> => ({ key, token, batch: '' }),
      openWriter: async () => ({
        session: 's',
        write: async () => ({ kind: polite ? 'committed' : 'fenced' }),
        close: async () => polite,
      }),
      watermarks: async () => new Map(),
      sweep: async () => undefined,
      remove: async () => undefined,
    },
    parked: {
      find: async () => [],
      requested: async () => [],
      get: async () => undefined,
      among: async () => [],
      list: async () => [],
      summary: async () => ({ parked: 0 }),
      request: async () => undefined,
      kept: async () => [],
    },
    readModels: {
      create: async () => undefined,
      buildIndexes: async () => undefined,
      drop: async () => undefined,
      findById: async () => undefined,
      find: async () => [],
      count: async () => 0,
      fedBy: async () => [],
      scan: async function* () {},
    },
    generations: {
      entry: async () => undefined,
      entries: async () => [],
      generation: async () => undefined,
      generations: async () => [],
      begin: async (generation) => generationOf(generation),
      planLoad: async () => generationOf({ projection: '', version: 0, partitions: 0, epoch: '', startedBy: '' }),
      reportLoad: async () => undefined,
      endLoad: async () => polite,
      report: async () => undefined,
      fail: async () => polite,
      retry: async () => undefined,
      requestCancel: async () => polite,
      cancel: async () => undefined,
      requestSwap: async () => undefined,
      dropSwap: async () => undefined,
      swap: async () => polite,
      retire: async () => undefined,
      forget: async () => undefined,
      pauseBuild: async () => polite,
      throttleBuild: async () => polite,
      requestStreamRebuild: async () => undefined,
      endStreamRebuild: async () => undefined,
      name: async () => undefined,
      expire: async () => [],
      endDrop: async () => polite,
      pause: async () => polite,
      resume: async () => polite,
      onChange: () => () => undefined,
    },
    nodes: { beat: async () => undefined, leave: async () => undefined, list: async () => [] },
    ping: async () => undefined,
    close: async () => undefined,
  };
}

function receiptOf({ stream, events, commitId }: StreamAppend): CommitReceipt {
  return { stream, firstVersion: 1, version: events.length, commitId, time: storeTime(1, 0), repeated: false };
}

function leaseOf({ key, owner, token }: Omit<Lease, 'until'>, ttlMs: number): Lease {
  return { key, owner, token, until: new Date(ttlMs) };
}

function generationOf(begun: Omit<NewGeneration, 'readModels'>): Generation {
  return {
    ...begun,
    id: '',
    number: 0,
    state: 'building',
    collections: {},
    progress: { processed: 0, total: 0, rate: 0 },
    startedAt: new Date(0),
  };
}

/** A store that does nothing, and declares as much or as little as it is told. */
export function doNothingFixture(
  manner: Manner,
  declared: Pick<StoreFixture, 'capabilities' | 'liveHistory'>,
): StoreFixture {
  return {
    ...declared,
    patienceMs: 30,
    connect: async () => doNothing(manner),
    elapse: async () => undefined,
    silence: async () => undefined,
    dispose: async () => undefined,
  };
}
