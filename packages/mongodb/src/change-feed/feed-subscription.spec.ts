import { isFeedGap, isFeedHistoryLost, isStoreUnavailable } from '@nestfold/core';
import { MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { FakeLog } from '../../test/fake-log.js';
import { feedOf, fill, take } from '../../test/feed.fixture.js';

describe('a subscription', () => {
  it('shares one stream with the others, which begins with the first and ends with the last', async () => {
    const log = new FakeLog();
    const { subscribe } = feedOf(log);
    expect(log.opened).toBe(0);
    const ids = fill(log, 20);
    const feeds = Array.from({ length: 5 }, () => subscribe());
    for (const feed of feeds) expect(await take(feed, 20)).toEqual(ids);
    expect(log.opened).toBe(1);
    for (const feed of feeds.slice(1)) await feed.close();
    expect(log.open_.size).toBe(1);
    await feeds[0]!.close();
    expect(log.open_.size).toBe(0);
  });

  it('that comes late reads a stream of its own until it meets the shared one', async () => {
    const log = new FakeLog({ commits: 10, bytes: 1_000_000 });
    const { subscribe } = feedOf(log);
    const ids = fill(log, 60);
    const first = subscribe();
    expect(await take(first, 60, 5)).toEqual(ids);
    const late = subscribe();
    expect(await take(late, 3, 3)).toEqual(ids.slice(0, 3));
    expect(log.open_.size).toBe(2);
    expect(await take(late, 57, 5)).toEqual(ids.slice(3));
    await expect.poll(async () => (await late.next({ max: 5, waitMs: 5 }), log.open_.size)).toBe(1);
    const more = fill(log, 5);
    expect(await take(late, 5)).toEqual(more);
    expect(await take(first, 5)).toEqual(more);
    expect(log.open_.size).toBe(1);
    await first.close();
    await late.close();
  });

  // Whoever had no place yet asked again at once: a thousand streams were opened in the second that an outage is borne.
  it('of its own is opened again with pauses while that fails, however short it is to wait', async () => {
    const log = new FakeLog({ commits: 10, bytes: 1_000_000 });
    const { subscribe } = feedOf(log);
    fill(log, 60);
    const first = subscribe();
    await take(first, 60, 5);
    const late = subscribe();
    log.failure = new Error('refused');
    const before = log.opened;
    await expect(late.next({ max: 5, waitMs: 1 })).rejects.toSatisfy(isStoreUnavailable);
    expect(log.opened - before).toBeLessThan(40);
    log.failure = undefined;
    await first.close();
    await late.close();
  });

  // Without `detach` on an overwritten place the slow one got only the last ten, or nothing at all.
  it('that is too slow for the buffer loses nothing and holds nobody up [F-8]', async () => {
    const log = new FakeLog({ commits: 10, bytes: 1_000_000 });
    const { subscribe } = feedOf(log);
    const slow = subscribe();
    const quick = subscribe();
    const ids = fill(log, 1);
    expect(await take(slow, 1)).toEqual(ids);
    ids.push(...fill(log, 500));
    expect(await take(quick, 501, 7)).toEqual(ids);
    expect(await take(slow, 500, 7)).toEqual(ids.slice(1));
    await slow.close();
    await quick.close();
  });

  it('goes on behind each position, also between positions that the shared stream holds', async () => {
    const log = new FakeLog();
    const { subscribe } = feedOf(log);
    const first = subscribe();
    const ids = fill(log, 9);
    await take(first, 9);
    for (const [index, { position }] of log.commitsOf.entries()) {
      const feed = subscribe({ after: position });
      if (index < 8) expect(await take(feed, 8 - index)).toEqual(ids.slice(index + 1));
      expect((await feed.next({ max: 5, waitMs: 0 })).position.token >= position.token).toBe(true);
      await feed.close();
    }
    await first.close();
  });

  // Without the comparison of tokens it got again what lay between the shared stream's place and its own.
  it('that stands a little ahead of the shared stream gets nothing twice', async () => {
    const log = new FakeLog();
    const { subscribe } = feedOf(log);
    const behind = subscribe();
    await behind.next({ max: 1, waitMs: 0 });
    log.stalled = true;
    const ids = fill(log, 5);
    const ahead = subscribe({ after: log.commitsOf[2]!.position });
    log.stalled = false;
    expect(await take(behind, 5)).toEqual(ids);
    expect(await take(ahead, 2)).toEqual(ids.slice(3));
    expect(log.opened).toBe(1);
    await behind.close();
    await ahead.close();
  });

  // Without the comparison with its start it got what lay between the shared stream's place and that.
  it('that begins a little ahead of the shared stream gets nothing older', async () => {
    const log = new FakeLog();
    const { subscribe } = feedOf(log);
    const behind = subscribe();
    await behind.next({ max: 1, waitMs: 0 });
    log.stalled = true;
    const ids = fill(log, 5);
    const ahead = subscribe({ at: log.commitsOf[2]!.visibleAt });
    log.stalled = false;
    expect(await take(behind, 5)).toEqual(ids);
    expect(await take(ahead, 2)).toEqual(ids.slice(3));
    await behind.close();
    await ahead.close();
  });

  it('goes on where it stood after failures of the stream, each commit once', async () => {
    const log = new FakeLog();
    const { subscribe } = feedOf(log);
    const feed = subscribe();
    const ids = fill(log, 5);
    expect(await take(feed, 5)).toEqual(ids);
    log.failure = new Error('connection lost');
    log.grew.wake();
    ids.push(...fill(log, 5));
    expect((await feed.next({ max: 10, waitMs: 30 })).commits).toEqual([]);
    log.failure = undefined;
    expect(await take(feed, 5)).toEqual(ids.slice(5));
    await feed.close();
  });

  it('is told of an outage that lasts, and not before', async () => {
    const log = new FakeLog();
    log.failure = new Error('no server');
    const { subscribe } = feedOf(log);
    const feed = subscribe();
    const begun = Date.now();
    const error: unknown = await feed.next({ max: 1, waitMs: 10_000 }).catch((thrown: unknown) => thrown);
    expect(isStoreUnavailable(error)).toBe(true);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(log.outageMs - 50);
    await feed.close();
  });

  it('is told that its place is lost, and never goes on from the present', async () => {
    const log = new FakeLog();
    const { subscribe } = feedOf(log);
    const feed = subscribe();
    fill(log, 5);
    await take(feed, 5);
    log.failure = new MongoServerError({ code: 286, message: 'history lost' });
    log.grew.wake();
    const error: unknown = await take(feed, 1).catch((thrown: unknown) => thrown);
    expect(isFeedHistoryLost(error)).toBe(true);
    log.failure = undefined;
    await expect(feed.next({ max: 1, waitMs: 0 })).rejects.toBe(error);
    await feed.close();
    const again = subscribe({ at: await log.now() });
    const more = fill(log, 2, 'order-2');
    expect(await take(again, 2)).toEqual(more);
    await again.close();
  });

  // Without the density check in the shared stream both subscribers went on with the hole in it.
  it('is told of a version that is missing [F-6]', async () => {
    const log = new FakeLog();
    const { subscribe } = feedOf(log);
    const [one, other] = [subscribe(), subscribe()];
    fill(log, 3);
    await take(one, 3);
    await take(other, 3);
    log.append('order-1', 1);
    for (const feed of [one, other]) {
      const error: unknown = await take(feed, 1).catch((thrown: unknown) => thrown);
      expect(isFeedGap(error) && error).toMatchObject({ stream: 'order-1', after: 3, got: 5 });
      await feed.close();
    }
  });

  it('answers a waiting reader at once', async () => {
    const log = new FakeLog();
    const { subscribe } = feedOf(log);
    const feed = subscribe();
    await feed.next({ max: 1, waitMs: 0 });
    const waiting = feed.next({ max: 1, waitMs: 30_000 });
    const { commit } = log.append('order-1');
    expect((await waiting).commits[0]?.commit).toBe(commit);
    await feed.close();
  });

  it('ends the wait of its reader when it is closed', async () => {
    const log = new FakeLog();
    const { subscribe } = feedOf(log);
    const feed = subscribe();
    await feed.next({ max: 1, waitMs: 0 });
    const waiting = feed.next({ max: 1, waitMs: 30_000 }).catch((thrown: unknown) => thrown);
    await feed.close();
    expect(isStoreUnavailable(await waiting)).toBe(true);
    await expect(feed.next({ max: 1, waitMs: 0 })).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
