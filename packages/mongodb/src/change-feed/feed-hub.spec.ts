import { isStoreUnavailable, silentLogger } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { FakeLog } from '../../test/fake-log.js';
import { feedOf, fill, take } from '../../test/feed.fixture.js';

describe('a hub that is closed', () => {
  // Fail without the look at the hub in `next` (empty batches for ever), and without its call to those who wait (tried).
  it('ends the wait of a subscription on the shared stream, and answers it nothing more', async () => {
    const log = new FakeLog();
    const { hub, subscribe } = feedOf(log);
    const feed = subscribe();
    await feed.next({ max: 1, waitMs: 0 });
    const waiting = feed.next({ max: 1, waitMs: 30_000 }).catch((thrown: unknown) => thrown);
    await hub.close();
    expect(isStoreUnavailable(await waiting)).toBe(true);
    await expect(feed.next({ max: 1, waitMs: 0 })).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(() => subscribe()).toThrow('closed');
    await feed.close();
  });

  it('ends the wait of a subscription on a stream of its own, and says nothing of a failure', async () => {
    const warned = vi.fn();
    const log = Object.assign(new FakeLog({ commits: 10, bytes: 1_000_000 }), {
      logger: { ...silentLogger, warn: warned },
    });
    const { hub, subscribe } = feedOf(log);
    const quick = subscribe();
    fill(log, 60);
    await take(quick, 60, 5);
    const late = subscribe();
    await take(late, 3, 3);
    expect(log.open_.size).toBe(2);
    log.stalled = true;
    const waiting = late.next({ max: 1, waitMs: 30_000 }).catch((thrown: unknown) => thrown);
    await hub.close();
    expect(isStoreUnavailable(await waiting)).toBe(true);
    expect(warned).not.toHaveBeenCalled();
    expect(log.open_.size).toBe(0);
    await late.close();
    await quick.close();
  });
});

describe('a hub', () => {
  it('tells listeners when the stream opens, and keeps it open for them', async () => {
    const log = new FakeLog();
    const { hub } = feedOf(log);
    let heard = 0;
    const stop = hub.onNotice(() => (heard += 1));
    await expect.poll(() => heard).toBe(1);
    expect(hub.alive).toBe(true);
    stop();
    await expect.poll(() => log.open_.size).toBe(0);
    expect(hub.alive).toBe(false);
  });

  // Without the supervisor nobody opened the stream again where only listeners were left.
  it('opens the stream again by itself after failures, and tells listeners', async () => {
    const log = new FakeLog();
    const { hub } = feedOf(log);
    let heard = 0;
    const stop = hub.onNotice(() => (heard += 1));
    await expect.poll(() => heard).toBe(1);
    log.failure = new Error('connection lost');
    log.grew.wake();
    await expect.poll(() => hub.alive).toBe(false);
    log.failure = undefined;
    await expect.poll(() => [hub.alive, heard]).toEqual([true, 2]);
    stop();
  });
});
