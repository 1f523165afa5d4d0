import {
  secondsOf,
  storeTime,
  type BatchWriter,
  type CheckpointStore,
  type LiveCommit,
  type StoreConnection,
} from '@nestfold/core';
import type { Rule } from '../../history/history.js';
import { altered } from '../altered.js';
import { calm } from '../fault-rates.js';
import { handlerMutants } from './handlers.fixture.js';
import { redriveFromOutside } from './redrive-from-outside.fixture.js';
import { twoBuildsMutants } from './two-builds.fixture.js';
import type { Mutant } from './mutant.fixture.js';

const fold: readonly Rule[] = ['read-model-equals-fold', 'reads-monotone', 'wait-tells-truth', 'settled'];

/** Replaces how batches are written. */
function writing(
  store: StoreConnection,
  write: (writer: BatchWriter, checkpoints: CheckpointStore) => BatchWriter['write'],
): StoreConnection {
  const { checkpoints } = store;
  const openWriter: CheckpointStore['openWriter'] = async (key) => {
    const writer = await checkpoints.openWriter(key);
    return altered(writer, { write: write(writer, checkpoints) });
  };
  return { ...store, checkpoints: altered(checkpoints, { openWriter }) };
}

const nothing = (): Promise<void> => Promise.resolve();

/** The checkpoint is stored first, the documents in a second transaction: a crash between the two loses them. */
const checkpointBeforeEffect: Mutant = {
  name: 'checkpoint before effect',
  // Its further writes let a paused process's one be told late, behind its successor's.
  shows: [...fold, 'fenced-writes-nothing'],
  alter: (store, { network }, process) =>
    writing(store, (writer) => async (batch, work) => {
      const outcome = await writer.write(batch, nothing);
      if (outcome.kind !== 'committed') return outcome;
      await network.clock.pass(network.latency());
      if (process.isDead) return process.never();
      const { watermarks: _written, ...rest } = batch;
      const second = { ...rest, id: network.chance.uuid(), previous: batch.id };
      const effect = await writer.write(second, work);
      // The engine knows only the first id.
      if (effect.kind === 'committed') await writer.write({ ...batch, previous: second.id }, nothing);
      return effect;
    }),
};

/** The same in plain mode, where documents have no transaction to share with it. */
const checkpointBeforeDocuments: Mutant = {
  ...checkpointBeforeEffect,
  name: 'checkpoint before documents in plain mode',
  profile: {
    projections: [2],
    troubles: ['kill', 'restart'],
    troubleMs: 200,
    clientPauseMs: 40,
    rates: { ...calm, latencyMs: 60 },
  },
};

/** The checkpoint is guarded by the batch before, but by no token: whoever was fenced writes on. */
const tokenIgnored: Mutant = {
  name: 'token ignored',
  shows: ['fenced-writes-nothing'],
  alter: (store) =>
    writing(store, (writer, checkpoints) => async (batch, work) => {
      const token = (await checkpoints.find(batch.key))?.token ?? batch.token;
      return writer.write({ ...batch, token }, work);
    }),
};

/** The checkpoint is guarded by the token only: a batch whose outcome was unknown is applied again. */
const previousIgnored: Mutant = {
  name: 'previous batch ignored',
  // Its further look at the checkpoint lets a paused process's write be told late, behind its successor's.
  shows: [...fold, 'fenced-writes-nothing'],
  alter: (store, { network }) =>
    writing(store, (writer, checkpoints) => async (batch, work) => {
      const previous = (await checkpoints.find(batch.key))?.batch ?? batch.previous;
      // Under an id of its own, so that the store does not recognise it either.
      return writer.write({ ...batch, id: network.chance.uuid(), previous }, work);
    }),
};

/** History is read up to now, and the feed from now: what was open at that moment is in neither. */
const horizonIgnored: Mutant = {
  name: 'horizon ignored',
  shows: fold,
  alter: (store) => {
    const { feed } = store;
    // What comes late does not say so.
    const inTime = (live: LiveCommit): LiveCommit => ({ ...live, visibleAt: live.commit.time });
    return {
      ...store,
      feed: altered(feed, {
        horizonSeconds: 0,
        subscribe: (start) => {
          const subscription = feed.subscribe(start);
          return altered(subscription, {
            next: async (options) => {
              const got = await subscription.next(options);
              return { ...got, commits: got.commits.map(inTime) };
            },
          });
        },
      }),
    };
  },
};

/** After lost history all that follows the floor is taken for new. */
const watermarkIgnored: Mutant = {
  name: 'watermark ignored at re-entry',
  shows: fold,
  alter: (store) => ({
    ...store,
    checkpoints: altered(store.checkpoints, { watermarks: () => Promise.resolve(new Map()) }),
  }),
};

/** What one stream feeds is made anew without a look at how far it was applied. */
const rebuiltWithoutWatermark: Mutant = {
  ...watermarkIgnored,
  name: 'watermark ignored by the rebuild of a stream',
  profile: { projections: [1], poison: false, troubles: ['rebuild-stream'], troubleMs: 100, clientPauseMs: 40 },
};

/** Watermarks are deleted by their age, not by the floor: a consumer that stood still finds none of its own. */
const sweptByTheClock: Mutant = {
  name: 'watermarks swept by the clock',
  shows: fold,
  // For longer than watermarks are kept everything stands still; meanwhile they are swept, and the place in the feed is lost.
  profile: { activeMs: 10_000, troubles: ['blackout', 'lose-history', 'sweep'], troubleMs: 400 },
  alter: (store) => ({
    ...store,
    checkpoints: altered(store.checkpoints, {
      sweep: async (key) => {
        const { feed, checkpoints } = store;
        const now = await feed.now();
        return checkpoints.sweep(key, storeTime(secondsOf(now) - 2 * feed.horizonSeconds, 0));
      },
    }),
  }),
};

/** The pointer moves while the live generation's owner goes on writing: readers go back. */
const swapWithoutLiveLeases: Mutant = {
  name: 'swap without the live leases',
  shows: ['reads-monotone'],
  // Much is written while generations are swapped.
  profile: {
    clients: 3,
    clientPauseMs: 20,
    activeMs: 3_000,
    troubles: ['rebuild'],
    troubleMs: 200,
    rates: { ...calm, latencyMs: 10, slow: 0.1, slowMs: 200 },
  },
  alter: (store) => {
    const { leases, checkpoints, generations } = store;
    const isLive = async (key: string): Promise<boolean> => {
      const id = key.slice(0, key.lastIndexOf('/'));
      return (await generations.generation(id))?.state === 'live';
    };
    const free = new Set<string>();
    return {
      ...store,
      leases: altered(leases, {
        acquire: async (key, request) => {
          if (request.force !== true || !(await isLive(key))) return leases.acquire(key, request);
          const token = (await checkpoints.find(key))?.token ?? 0;
          free.add(key);
          return { key, owner: request.owner, token, until: new Date(0) };
        },
      }),
      checkpoints: altered(checkpoints, {
        claim: async (key, token) => {
          if (!free.has(key)) return checkpoints.claim(key, token);
          const found = await checkpoints.find(key);
          return found?.token === token ? found : undefined;
        },
      }),
      generations: altered(generations, {
        swap: async (swap) => generations.swap({ ...swap, held: swap.held.filter(({ key }) => !free.has(key)) }),
      }),
    };
  },
};

/** A load that is resumed begins its range anew. */
const loadCheckpointIgnored: Mutant = {
  name: "load's checkpoint ignored",
  shows: fold,
  // There is something to load, in many batches, and nobody gets to the end of it at once.
  profile: {
    projections: [1],
    clients: 3,
    clientPauseMs: 30,
    troubles: ['rebuild', 'kill', 'kill'],
    troubleMs: 120,
    processes: 2,
    activeMs: 6_000,
    rates: { ...calm, latencyMs: 40 },
    settings: { historyEvents: 1, historyDocuments: 1, loadRangeCommits: 1_000 },
  },
  alter: (store) => ({
    ...store,
    checkpoints: altered(store.checkpoints, {
      claim: async (key, token) => {
        const claimed = await store.checkpoints.claim(key, token);
        if (claimed === undefined || !key.includes('/load/')) return claimed;
        const { position: _position, last: _last, ...blank } = claimed;
        return blank;
      },
    }),
  }),
};

/** Each of them must be found. */
export const mutants: readonly Mutant[] = [
  checkpointBeforeEffect,
  checkpointBeforeDocuments,
  tokenIgnored,
  previousIgnored,
  horizonIgnored,
  watermarkIgnored,
  rebuiltWithoutWatermark,
  sweptByTheClock,
  swapWithoutLiveLeases,
  redriveFromOutside,
  loadCheckpointIgnored,
  ...twoBuildsMutants,
  ...handlerMutants,
];
