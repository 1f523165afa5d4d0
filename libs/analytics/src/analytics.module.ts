import { Module } from '@nestjs/common';
import { NestfoldModule } from '@nestfold/nestjs';
import { AnalyticsController } from './api/analytics.controller.js';
import { DailyFiguresHandler } from './queries/daily-figures.query.js';
import { FindCustomerFiguresHandler } from './queries/find-customer-figures.query.js';
import { HourlyFiguresHandler } from './queries/hourly-figures.query.js';
import { RecentFiguresHandler } from './queries/recent-figures.query.js';
import { ActivityFiguresProjection } from './read-models/activity-figures/activity-figures.projection.js';
import { CustomerFigures } from './read-models/activity-figures/customer-figures.read-model.js';
import { DayFigures } from './read-models/activity-figures/day-figures.read-model.js';
import { HourFigures } from './read-models/activity-figures/hour-figures.read-model.js';
import { RecentActivity } from './read-models/activity-figures/recent-activity.read-model.js';

/** The context of figures: what customers do, as the shop tells it on its topic. It writes no events. */
@Module({
  imports: [NestfoldModule.forFeature({ readModels: [HourFigures, DayFigures, CustomerFigures, RecentActivity] })],
  controllers: [AnalyticsController],
  providers: [
    HourlyFiguresHandler,
    DailyFiguresHandler,
    FindCustomerFiguresHandler,
    RecentFiguresHandler,
    ActivityFiguresProjection,
  ],
})
export class AnalyticsModule {}
