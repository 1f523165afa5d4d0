import { expect, it } from 'vitest';
import { systemEnvironment } from '../environment/system.environment.js';
import { silentLogger } from '../logging/logger.port.js';
import { inMemory } from './in-memory.adapter.js';

// Seen to fail without `isInside` where a batch ends, and of a commit: the first place told the time as read, and two commits of it were still to come.
it('a place tells a time as read only where all that was written at once is behind it', async () => {
  const store = await inMemory().connect({ environment: systemEnvironment, logger: silentLogger });
  const start = await store.feed.now();
  await store.events.append(
    ['a-1', 'b-1', 'c-1'].map((stream) => ({
      stream,
      expected: 'noStream',
      events: [{ type: 'noted', schema: 1, data: {} }],
      commitId: systemEnvironment.uuid(),
      metadata: { correlationId: 'test', causationId: 'test' },
    })),
  );
  const live = store.feed.subscribe({ at: start });
  const inside: unknown[] = [];
  for (let index = 0; index < 3; index += 1) {
    const { commits, position } = await live.next({ max: 1, waitMs: 0 });
    inside.push([commits[0]!.position.isInside ?? false, position.isInside ?? false]);
  }
  expect(inside).toEqual([
    [true, true],
    [true, true],
    [false, false],
  ]);
  const all = await store.feed.subscribe({ at: start }).next({ max: 3, waitMs: 0 });
  expect(all.commits.map(({ position }) => position.isInside)).toEqual([true, true, undefined]);
  expect(all.position.isInside).toBeUndefined();
});
