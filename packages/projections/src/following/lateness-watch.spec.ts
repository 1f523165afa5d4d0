import { silentLogger, systemEnvironment } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { LatenessWatch } from './lateness-watch.js';
import { at, commitAt, ScriptedFeed } from './scripted-feed.fixture.js';

// Told as clear though something was late, whoever went on from there would never see that.
it.each([
  ['nothing is late', commitAt('a', 1, at(95), at(105)), at(110)],
  ['something is', commitAt('a', 1, at(50), at(105)), undefined],
])('a watch says up to where it found nothing late: %s', async (_what, commit, clearTo) => {
  const feed = new ScriptedFeed(at(110), [commit]);
  const watch = new LatenessWatch(feed, systemEnvironment, silentLogger, 'deliver');
  watch.begin({ began: at(100), horizon: at(90) });
  watch.open();
  expect(watch.clearTo).toBeUndefined();
  expect(await watch.passes(at(110), 5_000)).toBe(true);
  expect(watch.clearTo).toBe(clearTo);
  await watch.close();
});

// Told as clear, the live phase would begin behind what nobody has looked at, and drop what came late in it.
it('a watch that lost a part of the feed does not say that it has looked at all', async () => {
  const feed = new ScriptedFeed(at(110), []);
  feed.reachedFrom = at(105);
  const lost = vi.fn();
  const watch = new LatenessWatch(feed, systemEnvironment, { ...silentLogger, warn: lost }, 'deliver');
  watch.begin({ began: at(100), horizon: at(90) });
  watch.open();
  expect(await watch.passes(at(110), 5_000)).toBe(true);
  expect(lost).toHaveBeenCalledOnce();
  expect(watch.clearTo).toBeUndefined();
  await watch.close();
});
