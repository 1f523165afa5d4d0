import { Aggregate, AggregateRoot, Apply, DomainEvent, EventTypes } from '@nestfold/core';
import { On, Projection, writes } from '@nestfold/projections';

/** One addition. `ref` names the command that made it, so that each effect can be traced to its cause. */
@DomainEvent('tally.added')
export class Added {
  tallyId!: string;
  by!: number;
  ref!: string;
}

/** What a tally decides on: nothing. */
export class TallyState {
  total = 0;
}

/** A sum that anybody may add to. */
@Aggregate('tally', { state: TallyState, events: [Added], snapshotEvery: 50 })
export class Tally extends AggregateRoot<TallyState> {
  add(tallyId: string, by: number, ref: string): void {
    this.emit(Added, { tallyId, by, ref });
  }

  @Apply(Added) protected added(event: Added): void {
    this.state.total += event.by;
  }
}

/** One tally as it is read: sums betray what is applied twice, the digest what is applied out of order. */
export class TallyView {
  _id!: string;
  total!: number;
  changes!: number;
  digest!: number;
}

/** All tallies in one document, which every batch writes. */
export class Overall {
  _id!: string;
  total!: number;
  changes!: number;
}

const view = writes(TallyView);
const overall = writes(Overall);

/** The next digest: it differs for another order. */
export function digested(digest: number, by: number): number {
  return (digest * 31 + by) % 1_000_003;
}

/** None of its writes is idempotent. */
@Projection('tallies', { version: 1, readModels: [TallyView, Overall] })
export class TallyProjection {
  @On(Added) added({ tallyId, by }: Added) {
    return [
      view.reduce(tallyId, (document) => ({
        total: (document?.total ?? 0) + by,
        changes: (document?.changes ?? 0) + 1,
        digest: digested(document?.digest ?? 0, by),
      })),
      overall.increment('all', { total: by, changes: 1 }, { initial: { total: 0, changes: 0 } }),
    ];
  }
}

/** The tests' events. */
export const types = EventTypes.of([Added]);
