import type { Commit, EventTypes, GenerationRegistry, StoredEvent, StoreConnection } from '@nestfold/core';
import { altered } from '../altered.js';
import { calm } from '../fault-rates.js';
import type { SimulationProfile } from '../simulation-profile.js';
import type { Mutant } from './mutant.fixture.js';

/** Builds come and go, and little else happens. */
const deploys: Partial<SimulationProfile> = {
  processes: 3,
  troubles: ['deploy', 'deploy', 'restart'],
  troubleMs: 500,
  activeMs: 4_000,
  ends: 'mixed',
  keepMs: [2_000, 2_000],
  poison: false,
  handlers: true,
  rates: { ...calm, latencyMs: 5 },
};

/** Which versions are in use is not said: all are dropped when their time is over. */
const unnamed: Mutant = {
  name: 'version dropped while a process names it',
  shows: ['version-kept'],
  profile: { ...deploys, newer: 0 },
  alter: (store) => ({
    ...store,
    generations: altered(store.generations, { name: () => Promise.resolve() }),
  }),
};

/** There is one entry a projection, that of its highest version: builds feed and read what is not theirs. */
const oneEntry: Mutant = {
  name: 'entries not keyed by version',
  shows: ['own-version'],
  profile: { ...deploys, newer: 0 },
  alter: (store) => ({
    ...store,
    generations: altered(store.generations, {
      entry: async (projection, version) =>
        store.generations.entry(projection, await highest(store.generations, projection, version)),
      generations: async (projection, version) =>
        store.generations.generations(projection, await highest(store.generations, projection, version)),
    }),
  }),
};

async function highest(generations: GenerationRegistry, projection: string, version: number): Promise<number> {
  const entries = await generations.entries();
  return Math.max(version, ...entries.filter((one) => one.projection === projection).map((one) => one.version));
}

/** Whoever comes takes a partition that waits for a newer build. */
const needsIgnored: Mutant = {
  name: 'lease taken by a build that lacks what it needs',
  shows: ['own-version'],
  profile: { ...deploys, newer: 2 },
  alter: ({ leases, ...store }) => ({
    ...store,
    leases: altered(leases, {
      acquire: (key, { knows: _knows, ...request }) => leases.acquire(key, request),
      findAll: async (keys) => (await leases.findAll(keys)).map(({ needs: _needs, ...lease }) => lease),
    }),
  }),
};

/** An event of a newer build is passed over, as one of another type is. */
const newerSkipped: Mutant = {
  name: 'newer event skipped',
  shows: ['read-model-equals-fold', 'delivered'],
  profile: { ...deploys, newer: 2 },
  alter: (store, _cluster, { build }) =>
    build === undefined ? store : rewriting(store, build.types, (event) => ({ ...event, type: 'sim.skipped' })),
};

/** An event of a newer build is taken for one that nobody can read. */
const newerPoison: Mutant = {
  name: 'newer event taken for poison',
  shows: ['parked-with-cause'],
  profile: { ...deploys, newer: 2 },
  alter: (store, _cluster, { build }) =>
    build === undefined
      ? store
      : rewriting(store, build.types, (event) => ({ ...event, schema: 1, undecodable: 'Simulated: unreadable.' })),
};

/** The feed, in which events of a newer build than these types are others. */
function rewriting(
  store: StoreConnection,
  types: EventTypes,
  rewrite: (event: StoredEvent) => StoredEvent,
): StoreConnection {
  const { feed } = store;
  const rewritten = <C extends Commit>(commit: C): C => ({
    ...commit,
    events: commit.events.map((event) => (types.judge(event.type, event.schema) === 'newer' ? rewrite(event) : event)),
  });
  async function* pages(commits: AsyncIterable<readonly Commit[]>): AsyncIterable<readonly Commit[]> {
    for await (const page of commits) yield page.map(rewritten);
  }
  return {
    ...store,
    feed: altered(feed, {
      history: (range) => pages(feed.history(range)),
      recent: (range) => pages(feed.recent(range)),
      byStream: (range) => pages(feed.byStream(range)),
      subscribe: (start) => {
        const subscription = feed.subscribe(start);
        return altered(subscription, {
          next: async (options) => {
            const got = await subscription.next(options);
            return { ...got, commits: got.commits.map((live) => ({ ...live, commit: rewritten(live.commit) })) };
          },
        });
      },
    }),
  };
}

/** What keeps two builds out of each other's way. */
export const twoBuildsMutants: readonly Mutant[] = [unnamed, oneEntry, needsIgnored, newerSkipped, newerPoison];
