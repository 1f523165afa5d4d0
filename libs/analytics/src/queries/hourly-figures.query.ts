import { Query } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { ReadModel } from '@nestfold/projections';
import { IsDate, IsIn } from 'class-validator';
import { ACTIVITY_KINDS, type ActivityKind } from '../domain/activity.js';
import { HourFigures } from '../read-models/activity-figures/hour-figures.read-model.js';

/** The hours in which something was done, from the earliest on. */
export class HourlyFigures extends Query<readonly HourFigures[]> {
  @IsIn(ACTIVITY_KINDS)
  kind!: ActivityKind;

  /** Hours that begin at this moment or later. */
  @IsDate()
  since!: Date;
}

/** Reads the hours by their index. */
@QueryHandler(HourlyFigures)
export class HourlyFiguresHandler {
  constructor(@InjectReadModel(HourFigures) private readonly hours: ReadModel<HourFigures>) {}

  execute({ kind, since }: HourlyFigures): Promise<readonly HourFigures[]> {
    return this.hours.find({ where: { kind, hour: { gte: since } }, sort: { hour: 1 } });
  }
}
