import { storeTime, type Commit, type Position, type StoreTime } from '@nestfold/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withCommit, type Delivery } from '../following/delivery.js';
import { HistoryDelivery, LiveDelivery } from '../following/placed-delivery.js';
import { TopicDelivery, TopicPlace } from '../topics/topic-place.js';
import { GrowingCuts, type Cut } from './cuts.js';

const history = (after: number): Position => ({
  phase: 'history',
  began: storeTime(9, 0),
  horizon: storeTime(8, 0),
  after: storeTime(1, after),
});
const commit = (time: number): Commit => ({ time: storeTime(1, time) }) as unknown as Commit;

/** A delivery behind which a batch may end, may end if it must, or may not; or the end of a stretch, which may move the floor. */
const step = fc.oneof(
  fc.record({ kind: fc.constantFrom('after' as const, 'ifNeeded' as const, 'neither' as const) }),
  fc.record({ kind: fc.constant('end' as const), floor: fc.option(fc.nat({ max: 9 }), { nil: undefined }) }),
);

describe('the cuts of a batch in the making', () => {
  // Seen to fail: without the floor of a stretch's end for what follows it; with the ends before the delivery that they stand behind.
  it('are those that would be noted one by one as deliveries come', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const deliveries: Delivery[] = [];
        const noted: Cut[] = [];
        let floor: StoreTime | undefined = storeTime(1, 0);
        const cuts = new GrowingCuts(deliveries, floor);
        for (const [index, one] of steps.entries()) {
          const position = history(index);
          if (one.kind === 'end') {
            floor = one.floor === undefined ? floor : storeTime(2, one.floor);
            cuts.end(position, floor);
          } else {
            deliveries.push({ commit: commit(index), ...(one.kind !== 'neither' && { [one.kind]: position }) });
          }
          if (one.kind !== 'neither') noted.push({ count: deliveries.length, position, floor });
          expect(cuts.last).toEqual(noted.at(-1));
        }
        expect(cuts.all()).toEqual(noted);
      }),
    );
  });
});

// A commit that is told otherwise by a relay, or held back, was delivered without its place: nothing behind it could be saved.
it('a delivery keeps its place with another commit, also where that is put together only when it is asked for', () => {
  const live: Position & { phase: 'live' } = { phase: 'live', began: storeTime(1, 0), horizon: storeTime(0, 0) };
  const feed = { token: 'a', time: storeTime(3, 0) };
  const topic = TopicPlace.of(2, { phase: 'topic', next: { 2: 7 }, token: 4, epoch: 'e' });
  for (const [delivery, place] of [
    [new HistoryDelivery(commit(5), history(1)), history(5)],
    [new LiveDelivery(commit(5), live, feed), { ...live, feed }],
    [new TopicDelivery(commit(5), topic), { phase: 'topic', next: { 2: 7 }, token: 4, epoch: 'e' }],
    [{ commit: commit(5), ifNeeded: history(3) }, undefined],
  ] satisfies [Delivery, Position | undefined][]) {
    const other = withCommit(delivery, commit(6));
    expect([other.commit, other.after]).toEqual([commit(6), place]);
    expect('ifNeeded' in other).toBe(place === undefined);
  }
});
