import type { Position } from '@nestfold/core';
import { expect, it, vi } from 'vitest';
import { contextOf } from '../fixtures/engines.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { isAsked, OwnerRequests, type AskedRebuilds } from './owner-requests.js';

type Asked = ConstructorParameters<typeof OwnerRequests>;

/*
 * Each condition was taken away once to see this fail: in history, and on the way back after it was lost, nobody knows how far a stream was read, so
 * what is applied here would come again, or be passed over.
 */
it('is asked only where it is known how far each stream was read: live, and not on the way back', async () => {
  const context = contextOf(await memory());
  const requested = vi.fn(() => Promise.resolve([{ stream: 'a-1' }]));
  const connection = { ...context.connection, parked: { requested } };
  const rebuilds = { pending: () => [{ stream: 'a-2' }] } as unknown as AskedRebuilds;
  const [held, parking] = [{ key: 'p.1.1/0' }, { isDue: () => true }];
  const requests = new OwnerRequests(
    { ...context, connection } as unknown as Asked[0],
    held as Asked[1],
    new AbortController().signal,
    {} as Asked[3],
    parking as Asked[4],
    rebuilds,
  );
  const feed = { token: '1', time: '1' };
  const common = { began: '2', horizon: '1' };
  const unknown: readonly Position[] = [
    { ...common, phase: 'history', after: '1' },
    { ...common, phase: 'live' },
    { ...common, phase: 'live', feed, again: '2' },
    // What was visible then is applied already: whoever takes a stream from its place on the feed would take it back.
    { ...common, phase: 'live', feed, asOf: '2' },
  ];
  for (const position of unknown) expect(isAsked(await requests.at(position))).toBe(false);
  expect(requested).not.toHaveBeenCalled();
  const known = await requests.at({ ...common, phase: 'live', feed });
  expect([known.redrives.length, known.rebuilds.length]).toEqual([1, 1]);
});
