import type { Decimal } from '@nestfold/core';
import { ReadModelDocument } from '@nestfold/projections';
import { counted, noActivity, nothing, type Activity, type ActivityCounts } from '../../domain/activity.js';

/** How far back the sliding window reaches, in milliseconds. */
export const WINDOW_MS = 5 * 60_000;
/** In what steps it slides, in milliseconds: a document of 61 steps at most, however much happens. */
export const STEP_MS = 5_000;
/** The only document. */
export const RECENT = 'recent';

/** What was done within one step of the window. */
export interface RecentStep {
  /** Its beginning. */
  readonly at: Date;
  readonly counts: ActivityCounts;
  readonly purchased: Decimal;
}

/** The last five minutes before the latest thing that was done. Whoever asks later passes over what is older by then. */
@ReadModelDocument('analytics_recent')
export class RecentActivity {
  _id!: string;
  /** From the oldest to the latest; steps in which nothing was done are missing. */
  steps!: readonly RecentStep[];
}

/**
 * The window with one thing more. A time that is still to come counts as the moment of recording: else one wrong clock would push everything
 * else out of the window. Knows no clock of its own, so that a rebuild comes to the same.
 */
export function recentWith(
  recent: RecentActivity | undefined,
  { kind, at, recordedAt, value }: Activity,
): Omit<RecentActivity, '_id'> {
  const moment = Math.min(at.getTime(), recordedAt.getTime());
  const beginning = Math.floor(moment / STEP_MS) * STEP_MS;
  const steps = [...(recent?.steps ?? [])];
  const index = steps.findIndex((step) => step.at.getTime() >= beginning);
  const place = index === -1 ? steps.length : index;
  const present = steps[place]?.at.getTime() === beginning ? steps[place] : undefined;
  const { counts = noActivity, purchased = nothing } = present ?? {};
  const step = {
    at: new Date(beginning),
    counts: counted(counts, kind),
    purchased: purchased.plus(value ?? nothing),
  };
  steps.splice(place, present === undefined ? 0 : 1, step);
  const latest = steps.at(-1)?.at.getTime() ?? beginning;
  return { steps: steps.filter((one) => one.at.getTime() > latest - WINDOW_MS - STEP_MS) };
}
