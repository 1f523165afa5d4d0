import type {
  Commit,
  FeedPosition,
  FeedStart,
  FeedSubscription,
  LiveCommit,
  StoreConnection,
  StreamName,
} from '@nestfold/core';
import type { ContractContext } from '../contract-case.js';

/** What a follower got, and where it then stood. */
export interface Followed {
  readonly commits: readonly LiveCommit[];
  readonly position: FeedPosition;
}

/** Runs with a subscription that is closed afterwards, whatever happens. */
export async function subscribed<T>(
  store: StoreConnection,
  start: FeedStart,
  use: (feed: FeedSubscription) => Promise<T>,
): Promise<T> {
  const feed = store.feed.subscribe(start);
  try {
    return await use(feed);
  } finally {
    await feed.close();
  }
}

/** Takes batches until so many commits of these streams came. Throws when the fixture's patience ends before. */
export async function follow(
  { fixture }: ContractContext,
  feed: FeedSubscription,
  streams: readonly StreamName[],
  count: number,
  max = 100,
): Promise<Followed> {
  const deadline = performance.now() + fixture.patienceMs;
  const wanted = new Set(streams);
  const commits: LiveCommit[] = [];
  for (;;) {
    const batch = await feed.next({ max, waitMs: 50 });
    if (batch.commits.length > max) throw new Error(`A batch of at most ${max} holds ${batch.commits.length} commits.`);
    commits.push(...batch.commits.filter(({ commit }) => wanted.has(commit.stream)));
    if (commits.length >= count) return { commits, position: batch.position };
    if (performance.now() > deadline)
      throw new Error(`The feed delivered ${commits.length} of ${count} commits in ${fixture.patienceMs} ms.`);
    // Lets the clock move when `next` answers at once with nothing.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Waits until the feed says that everything up to now has been delivered, and fails when a commit of these streams comes. */
export async function expectNothing(
  context: ContractContext,
  feed: FeedSubscription,
  streams: readonly StreamName[],
): Promise<void> {
  const wanted = new Set(streams);
  const until = await context.store.feed.now();
  const deadline = performance.now() + context.fixture.patienceMs;
  for (;;) {
    const batch = await feed.next({ max: 100, waitMs: 50 });
    const unwanted = batch.commits.find(({ commit }) => wanted.has(commit.stream));
    if (unwanted)
      throw new Error(
        `The feed delivered '${unwanted.commit.stream}' at ${unwanted.commit.firstVersion}, which was not to come.`,
      );
    if (batch.position.time >= until && !batch.position.isInside) return;
    if (performance.now() > deadline)
      throw new Error(`The feed did not reach the present in ${context.fixture.patienceMs} ms.`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Where a commit stands, as `<stream>:<first version>`. */
export function placeOf(commit: Pick<Commit, 'stream' | 'firstVersion'>): string {
  return `${commit.stream}:${commit.firstVersion}`;
}

/** The versions of one stream, in the order in which they came. */
export function versionsOf(commits: readonly Commit[], stream: StreamName): number[] {
  return commits.filter((commit) => commit.stream === stream).map((commit) => commit.firstVersion);
}
