import { Query, type Decimal } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { ReadModel } from '@nestfold/projections';
import { IsDate } from 'class-validator';
import { ACTIVITY_KINDS, noActivity, nothing, type ActivityCounts } from '../domain/activity.js';
import {
  RECENT,
  RecentActivity,
  STEP_MS,
  WINDOW_MS,
  type RecentStep,
} from '../read-models/activity-figures/recent-activity.read-model.js';

/** What was done in the five minutes before a moment. */
export interface RecentSums {
  readonly from: Date;
  readonly to: Date;
  readonly counts: ActivityCounts;
  readonly purchased: Decimal;
}

/** The sliding window as it stands at a moment. */
export class RecentFigures extends Query<RecentSums> {
  @IsDate()
  at!: Date;
}

/** Adds up the steps that the window still touches: at its far end it counts up to five seconds too much. */
@QueryHandler(RecentFigures)
export class RecentFiguresHandler {
  constructor(@InjectReadModel(RecentActivity) private readonly recent: ReadModel<RecentActivity>) {}

  async execute({ at }: RecentFigures): Promise<RecentSums> {
    const window = await this.recent.findById(RECENT);
    return recentSums(window?.steps ?? [], at);
  }
}

/** The sums of the steps that end within the five minutes before a moment, or after it: another machine's clock may be ahead. */
export function recentSums(steps: readonly RecentStep[], to: Date): RecentSums {
  const from = new Date(to.getTime() - WINDOW_MS);
  const touched = steps.filter((step) => step.at.getTime() + STEP_MS > from.getTime());
  return {
    from,
    to,
    counts: touched.map(({ counts }) => counts).reduce(sum, noActivity),
    purchased: touched.reduce((total, { purchased }) => total.plus(purchased), nothing),
  };
}

function sum(left: ActivityCounts, right: ActivityCounts): ActivityCounts {
  const entries = ACTIVITY_KINDS.map((kind) => [kind, left[kind] + right[kind]] as const);
  return { ...left, ...Object.fromEntries(entries) };
}
