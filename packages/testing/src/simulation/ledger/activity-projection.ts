import type { EventContext } from '@nestfold/core';
import { On, Projection, ReadModelDocument, writes } from '@nestfold/projections';
import { suffer } from './curse.js';
import { AccountCursed, AccountOpened, MoneyMoved, OwnerNamed } from './ledger-events.js';

/** What happened in one stream. */
@ReadModelDocument('sim_activity')
export class Activity {
  _id!: string;
  count!: number;
  versions!: number[];
}

const activity = writes(Activity);

const noted = ({ stream: id, version }: EventContext) => [
  activity.increment(id, { count: 1 }, { initial: { count: 0, versions: [] } }),
  activity.push(id, 'versions', version),
];

/** One document a stream, fed in parallel partitions; it takes not all types, so its streams have holes for it. */
@Projection('sim-activity', { version: 1, readModels: [Activity], slicing: 'stream' })
export class ActivityProjection {
  @On(AccountOpened)
  opened(_e: AccountOpened, context: EventContext) {
    return noted(context);
  }

  @On(MoneyMoved)
  moved(_e: MoneyMoved, context: EventContext) {
    return noted(context);
  }

  @On(OwnerNamed)
  named(_e: OwnerNamed, context: EventContext) {
    return noted(context);
  }

  @On(AccountCursed)
  cursed() {
    return suffer();
  }
}
