import { Decimal } from '@nestfold/core';

/** What customers do, as far as figures count it. */
export const ACTIVITY_KINDS = ['signup', 'purchase', 'cancellation'] as const;

/** One of the things that customers do. */
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/** Something that a customer did. */
export interface Activity {
  readonly kind: ActivityKind;
  readonly customerId: string;
  /** When it happened, by the domain. */
  readonly at: Date;
  /** When the shop wrote it down: later than `at` for what was imported. */
  readonly recordedAt: Date;
  /** What it was worth, where it had a price. */
  readonly value?: Decimal;
}

/** How often each thing was done. */
export type ActivityCounts = Readonly<Record<ActivityKind, number>>;

/** Nothing was done. */
export const noActivity: ActivityCounts = { signup: 0, purchase: 0, cancellation: 0 };

/** Worth nothing. */
export const nothing = Decimal.of('0.00');

/** One more of a kind. */
export function counted(counts: ActivityCounts, kind: ActivityKind): ActivityCounts {
  return { ...counts, [kind]: counts[kind] + 1 };
}
