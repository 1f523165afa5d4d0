import type { EventContext, Type } from '@nestfold/core';
import { On, Projection, ReadModelDocument, writes } from '@nestfold/projections';
import { suffer } from './curse.js';
import { AccountCursed, AccountOpened, MoneyMoved } from './ledger-events.js';
import type { LedgerVariant } from './ledger-variant.js';

/** What happened in one stream. */
@ReadModelDocument('sim_activity')
export class Activity {
  _id!: string;
  count!: number;
  versions!: number[];
  /** The version of the projection that wrote it. */
  code!: number;
}

const activity = writes(Activity);

/** One document a stream, fed in parallel partitions; it takes not all types, so its streams have holes for it. */
export function activityProjection<N extends { ownerId: string }>({
  version: code,
  reads,
  Named,
}: LedgerVariant<N>): Type<object> {
  const noted = ({ stream: id, version }: EventContext) => [
    activity.increment(id, { count: 1 }, { initial: { count: 0, versions: [], code } }),
    activity.push(id, 'versions', version),
  ];

  @Projection('sim-activity', { version: code, reads, readModels: [Activity], slicing: 'stream' })
  class ActivityProjection {
    @On(AccountOpened)
    opened(_e: AccountOpened, context: EventContext) {
      return noted(context);
    }

    @On(MoneyMoved)
    moved(_e: MoneyMoved, context: EventContext) {
      return noted(context);
    }

    @On(Named)
    named(_e: N, context: EventContext) {
      return noted(context);
    }

    @On(AccountCursed)
    cursed() {
      return suffer();
    }
  }
  return ActivityProjection;
}
