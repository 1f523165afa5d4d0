import { isFeedHistoryLost, minusSeconds, type FeedSubscription } from '@nestfold/core';
import type { MongoServer } from '@nestfold/dev-stack';
import { changeFeedContract, type StoreFixture } from '@nestfold/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forget, startForgetful } from '../../test/forgetful.server.js';
import { mongoFixture } from '../../test/mongo.fixture.js';
import { openRig, type Rig } from '../../test/read-side.rig.js';
import type { MongoContext } from '../connection/mongo-context.js';
import { reaches } from './reach-probe.js';

async function failureOf(feed: FeedSubscription): Promise<unknown> {
  try {
    for (;;) await feed.next({ max: 100, waitMs: 50 });
  } catch (error) {
    return error;
  } finally {
    await feed.close();
  }
}

/** As for a user who may not read the oplog. */
function withoutOplog(context: MongoContext): MongoContext {
  const client = {
    db: () => {
      throw new Error('not authorized on local');
    },
  } as unknown as MongoContext['client'];
  return { ...context, client };
}

describe('a feed whose history is lost', () => {
  let server: MongoServer;
  let rig: Rig;

  beforeAll(async () => {
    server = await startForgetful();
    rig = await openRig({ uri: server.uri, database: 'forgetful' });
  });

  afterAll(async () => {
    await rig.close();
    await server.stop();
  });

  it('says so to who begins or goes on too far back, and to nobody else [F-5]', async () => {
    const start = await rig.feed.now();
    await rig.append('order-1', 1);
    const early = rig.feed.subscribe({ at: start });
    const { position } = await early.next({ max: 10, waitMs: 5_000 });
    await early.close();
    expect(await rig.feed.reaches(start)).toBe(true);
    expect(await reaches(withoutOplog(rig.context), start)).toBe(true);
    await rig.append('order-1', 2);
    await forget(server.uri);
    expect(await rig.feed.reaches(start)).toBe(false);
    expect(await reaches(withoutOplog(rig.context), start)).toBe(false);

    const now = await rig.feed.now();
    const present = rig.feed.subscribe({ at: now });
    await present.next({ max: 10, waitMs: 0 });
    expect(isFeedHistoryLost(await failureOf(rig.feed.subscribe({ at: start })))).toBe(true);
    expect(isFeedHistoryLost(await failureOf(rig.feed.subscribe({ after: position })))).toBe(true);
    await rig.append('order-1', 3);
    const { commits } = await present.next({ max: 10, waitMs: 5_000 });
    expect(commits.map(({ commit }) => commit.firstVersion)).toEqual([3]);
    await present.close();
  });

  // With a stream that began anew at the present where the server says 286, the first one waited for ever and lost what lay between.
  it('spares those whose own place still stands when the shared stream loses its place', async () => {
    const lost = rig.feed.subscribe({ at: minusSeconds(await rig.feed.now(), 3_600) });
    const standing = rig.feed.subscribe({ at: await rig.feed.now() });
    expect(isFeedHistoryLost(await failureOf(lost))).toBe(true);
    await rig.append('order-1', 4);
    const { commits } = await standing.next({ max: 10, waitMs: 5_000 });
    expect(commits.map(({ commit }) => commit.firstVersion)).toEqual([4]);
    await standing.close();
  });

  it('says so when the log itself is dropped under it', async () => {
    const feed = rig.feed.subscribe({ at: await rig.feed.now() });
    await feed.next({ max: 10, waitMs: 0 });
    await rig.context.db.collection('commits').drop();
    expect(isFeedHistoryLost(await failureOf(feed))).toBe(true);
  });
});

let forgetful: Promise<MongoServer> | undefined;

/** The contract on a server that forgets when it is told to. */
function forgetfulFixture(): StoreFixture {
  const server = (): Promise<MongoServer> => (forgetful ??= startForgetful());
  const fixture = async (): Promise<StoreFixture> =>
    mongoFixture('forgetful', { uri: (await server()).uri, name: 'forgetful_contract', drop: async () => undefined });
  return {
    capabilities: [],
    patienceMs: 10_000,
    liveHistory: { lose: async () => forget((await server()).uri) },
    connect: async (options) => (await fixture()).connect(options),
    elapse: async (milliseconds) => (await fixture()).elapse(milliseconds),
    silence: async (node) => (await fixture()).silence(node),
    dispose: async () => (await server()).stop(),
  };
}

changeFeedContract(forgetfulFixture());
