import type { Decimal } from '@nestfold/core';
import { ReadModelDocument } from '@nestfold/projections';
import { counted, noActivity, nothing, type Activity, type ActivityCounts } from '../../domain/activity.js';

/** What one customer did. */
@ReadModelDocument('analytics_customers')
export class CustomerFigures {
  /** The customer's id. */
  _id!: string;
  firstSeen!: Date;
  lastSeen!: Date;
  counts!: ActivityCounts;
  /** What their purchases were worth, also of those that were cancelled. */
  purchased!: Decimal;
}

/** A customer with one thing more. Earlier things may arrive later: an import states when they happened. */
export function customerWith(
  customer: CustomerFigures | undefined,
  { kind, at, value }: Activity,
): Omit<CustomerFigures, '_id'> {
  const { firstSeen = at, lastSeen = at, counts = noActivity, purchased = nothing } = customer ?? {};
  return {
    firstSeen: at < firstSeen ? at : firstSeen,
    lastSeen: at > lastSeen ? at : lastSeen,
    counts: counted(counts, kind),
    purchased: purchased.plus(value ?? nothing),
  };
}
