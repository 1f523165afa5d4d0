import type { Decimal } from '@nestfold/core';
import { ReadModelDocument } from '@nestfold/projections';
import { nothing, type Activity, type ActivityKind } from '../../domain/activity.js';

// What an operator can look at; the count says how many there were.
const SAMPLES = 100;

/** One of the last things of its kind in an hour. */
export interface ActivitySample {
  readonly customerId: string;
  readonly at: Date;
  readonly value?: Decimal;
}

/** How often one thing was done in one hour (UTC), and the last hundred times. */
@ReadModelDocument('analytics_hours', { indexes: [{ name: 'kind_hour', keys: { kind: 1, hour: 1 } }] })
export class HourFigures {
  /** `2026-01-31T10/purchase`. */
  _id!: string;
  kind!: ActivityKind;
  /** The hour's beginning. */
  hour!: Date;
  count!: number;
  /** What all of it was worth. */
  total!: Decimal;
  /** In the order in which they arrived, the latest last. */
  samples!: readonly ActivitySample[];
}

/** The document in which something counts. */
export function hourIdOf({ at, kind }: Activity): string {
  return `${at.toISOString().slice(0, 13)}/${kind}`;
}

/** An hour with one thing more. */
export function hourWith(hour: HourFigures | undefined, activity: Activity): Omit<HourFigures, '_id'> {
  const { kind, customerId, at, value } = activity;
  const sample: ActivitySample = { customerId, at, ...(value !== undefined && { value }) };
  return {
    kind,
    hour: new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000),
    count: (hour?.count ?? 0) + 1,
    total: (hour?.total ?? nothing).plus(value ?? nothing),
    samples: [...(hour?.samples ?? []), sample].slice(-SAMPLES),
  };
}
