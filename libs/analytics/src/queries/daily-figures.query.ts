import { Query } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { ReadModel } from '@nestfold/projections';
import { IsDate, IsIn } from 'class-validator';
import { ACTIVITY_KINDS, type ActivityKind } from '../domain/activity.js';
import { DayFigures } from '../read-models/activity-figures/day-figures.read-model.js';

/** The days on which something was done, from the earliest on. */
export class DailyFigures extends Query<readonly DayFigures[]> {
  @IsIn(ACTIVITY_KINDS)
  kind!: ActivityKind;

  /** Days that begin at this moment or later. */
  @IsDate()
  since!: Date;
}

/** Reads the days by their index. */
@QueryHandler(DailyFigures)
export class DailyFiguresHandler {
  constructor(@InjectReadModel(DayFigures) private readonly days: ReadModel<DayFigures>) {}

  execute({ kind, since }: DailyFigures): Promise<readonly DayFigures[]> {
    return this.days.find({ where: { kind, day: { gte: since } }, sort: { day: 1 } });
  }
}
