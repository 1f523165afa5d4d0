import type { Commit } from '@nestfold/core';
import { startMongo, type MongoServer } from '@nestfold/dev-stack';
import { Timestamp } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catchUp, placeOf, writeUntil } from '../../test/catching-up.js';
import { openRig, type Rig } from '../../test/read-side.rig.js';
import type { CommitDocument } from '../event-store/commit-document.js';

const RUN_MS = 21_000;
// The server ends a transaction after four seconds: one that is held may stand still for two more, as machines do.
const WRITING = { writers: 8, streamsEach: 12, heldShare: 0.05, heldMs: [500, 2_000], pauseMs: 12 } as const;

/** What one must not do: the next page of `ts > last`, at majority. */
async function pollByTime({ context }: Rig, done: () => boolean): Promise<Set<string>> {
  const commits = context.db.collection<CommitDocument>('commits', { readConcern: { level: 'majority' } });
  const seen = new Set<string>();
  let last = new Timestamp({ t: 0, i: 0 });
  for (let rounds = 0; rounds < 3;) {
    const page = await commits.find({ ts: { $gt: last } }, { sort: { ts: 1 } }).toArray();
    for (const { _id, ts } of page) {
      seen.add(`${_id.s}:${_id.v}`);
      last = ts;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (done() && page.length === 0) rounds += 1;
  }
  return seen;
}

/** The streams whose commits did not come in the order of their versions. */
function misordered(commits: readonly Commit[]): string[] {
  const versions = new Map<string, number>();
  return commits.flatMap((commit) => {
    const before = versions.get(commit.stream) ?? 0;
    versions.set(commit.stream, commit.firstVersion);
    return commit.firstVersion === before + 1 ? [] : [placeOf(commit)];
  });
}

describe('catching up', () => {
  let server: MongoServer;
  let rig: Rig;

  beforeAll(async () => {
    server = await startMongo({
      ignoreUri: true,
      ephemeral: { args: ['--setParameter', 'transactionLifetimeLimitSeconds=4'] },
    });
    rig = await openRig({ uri: server.uri, database: 'catch_up', horizonSeconds: 1 });
  });

  afterAll(async () => {
    await rig.close();
    await server.stop();
  });

  it('keeps a horizon of three times the life of a transaction, however small a one is asked for', () => {
    expect(rig.feed.horizonSeconds).toBe(12);
  });

  /*
   * The protections, each taken away once: with a horizon of 0 s (history up to the present, then live from there) followers missed
   * the commits that were held meanwhile; without the comparison with `began` they took commits twice.
   */
  it('misses nothing, doubles nothing and keeps the order, while commits become visible long after their time [F-1, F-3]', async () => {
    const begun = Date.now();
    let written = false;
    const done = (): boolean => written;
    const others = await Promise.all(
      Array.from({ length: 3 }, () => rig.openFeed({ limits: { commits: 64, bytes: 1_000_000 } })),
    );
    const writing = writeUntil(() => Date.now() - begun > RUN_MS, rig, WRITING).then(() => (written = true));
    const polling = pollByTime(rig, done);
    const following = Array.from({ length: 12 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index < 2 ? 0 : 12_000 + Math.random() * 8_000));
      return catchUp(others[index % 3]!, done, index % 2 === 0 ? 0.02 : 0);
    });
    await writing;
    const stored = (
      await rig.context.db
        .collection<CommitDocument>('commits')
        .find({}, { projection: { _id: 1 } })
        .toArray()
    ).map(({ _id: { s, v } }) => `${s}:${v}`);
    expect(stored.length).toBeGreaterThan(1_000);
    for (const [index, commits] of (await Promise.all(following)).entries()) {
      const places = commits.map(placeOf);
      const taken = new Set(places);
      expect(
        stored.filter((place) => !taken.has(place)),
        `missing at follower ${index}`,
      ).toEqual([]);
      expect(places.length - taken.size, `doubled at follower ${index}`).toBe(0);
      expect(misordered(commits), `misordered at follower ${index}`).toEqual([]);
    }
    const polled = await polling;
    expect(stored.filter((place) => !polled.has(place)).length).toBeGreaterThan(0);
  }, 120_000);
});
