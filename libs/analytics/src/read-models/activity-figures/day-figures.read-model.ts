import type { Decimal } from '@nestfold/core';
import { ReadModelDocument } from '@nestfold/projections';
import { nothing, type Activity, type ActivityKind } from '../../domain/activity.js';

/** How often one thing was done on one day (UTC), and what it was worth. */
@ReadModelDocument('analytics_days', { indexes: [{ name: 'kind_day', keys: { kind: 1, day: 1 } }] })
export class DayFigures {
  /** `2026-01-31/purchase`. */
  _id!: string;
  kind!: ActivityKind;
  /** The day's beginning. */
  day!: Date;
  count!: number;
  total!: Decimal;
  /** The least and the most that one was worth; missing where nothing had a price. */
  min?: Decimal;
  max?: Decimal;
}

/** The document in which something counts. */
export function dayIdOf({ at, kind }: Activity): string {
  return `${at.toISOString().slice(0, 10)}/${kind}`;
}

/** A day with one thing more. */
export function dayWith(day: DayFigures | undefined, { kind, at, value }: Activity): Omit<DayFigures, '_id'> {
  const prices = [day?.min, day?.max, value].filter((price) => price !== undefined);
  const [min] = prices.toSorted((left, right) => left.compare(right));
  const [max] = prices.toSorted((left, right) => right.compare(left));
  return {
    kind,
    day: new Date(`${at.toISOString().slice(0, 10)}T00:00:00.000Z`),
    count: (day?.count ?? 0) + 1,
    total: (day?.total ?? nothing).plus(value ?? nothing),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}
