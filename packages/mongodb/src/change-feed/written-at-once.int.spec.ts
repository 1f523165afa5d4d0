import type { FeedPosition, LiveCommit, StoreTime } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRig, type Rig } from '../../test/read-side.rig.js';

/** More than a stream is read ahead. */
const COMMITS = 450;

describe('what is written in one transaction', () => {
  const database = testDatabase('at-once');
  let rig: Rig;

  beforeAll(async () => {
    rig = await openRig({ uri: database.uri, database: database.name });
  });

  afterAll(async () => {
    await rig.close();
    await database.drop();
  });

  // Seen to fail for each of these: a commit told as the end of its time by what was read with it; a stretch that ended where the reader had no more room.
  it.each([
    ['is read with the others', 30],
    ['is read by a stream of its own', 30],
  ])('is told as read only when all of it is, where it %s', async (how, max) => {
    const start = await rig.feed.now();
    const session = rig.context.client.startSession();
    session.startTransaction();
    for (let index = 0; index < COMMITS; index += 1) await rig.append(`${max}-${how.length}x${index}`, 1, { session });
    // The first one opens the stream that all share, at the present.
    const present = how.includes('own') ? rig.feed.subscribe({ at: await rig.feed.now() }) : undefined;
    await present?.next({ max: 1, waitMs: 0 });
    const live = how.includes('own') ? undefined : rig.feed.subscribe({ at: start });
    await live?.next({ max: 1, waitMs: 0 });
    await session.commitTransaction();
    await session.endSession();
    const following = live ?? rig.feed.subscribe({ at: start });
    const commits: LiveCommit[] = [];
    const told: { readonly position: FeedPosition; readonly taken: number }[] = [];
    while (commits.length < COMMITS || told.at(-1)!.position.isInside) {
      const batch = await following.next({ max, waitMs: 100 });
      commits.push(...batch.commits);
      told.push({ position: batch.position, taken: commits.length });
    }
    for (const [index, { position }] of commits.entries()) told.push({ position, taken: index + 1 });
    const times = new Set<StoreTime>(commits.map(({ visibleAt }) => visibleAt));
    expect([commits.length, times.size]).toEqual([COMMITS, 1]);
    for (const { position, taken } of told)
      if (!position.isInside)
        expect(commits.slice(taken).filter(({ visibleAt }) => visibleAt <= position.time)).toEqual([]);
    await following.close();
    await present?.close();
  });
});
