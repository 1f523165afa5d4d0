import { Controller, Get, Param, Query } from '@nestjs/common';
import { NotFound, QueryBus } from '@nestfold/core';
import { ApiTags } from '@nestjs/swagger';
import { ApiRead, Caller, IdParams, isAdmin, Roles, type Principal } from '@shop/platform';
import { DailyFigures } from '../queries/daily-figures.query.js';
import { FindCustomerFigures } from '../queries/find-customer-figures.query.js';
import { HourlyFigures } from '../queries/hourly-figures.query.js';
import { RecentFigures } from '../queries/recent-figures.query.js';
import { DailyQuery, HourlyQuery } from './analytics.queries.js';
import {
  CustomerFiguresView,
  customerView,
  DailyFiguresView,
  dailyView,
  HourlyFiguresView,
  hourlyView,
  RecentFiguresView,
  recentView,
} from './analytics.views.js';

const HOUR_MS = 3_600_000;

/** Figures of what customers do: their own to each, all to the shop's staff. */
@ApiTags('analytics')
@Roles('admin')
@Controller('analytics')
export class AnalyticsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('hourly')
  @ApiRead({ summary: 'The last hours, with samples', operationId: 'hourlyFigures', type: HourlyFiguresView })
  async hourly(@Query() { kind = 'purchase', hours = 24 }: HourlyQuery): Promise<HourlyFiguresView> {
    const since = new Date(Date.now() - hours * HOUR_MS);
    return hourlyView(kind, await this.queries.execute(HourlyFigures.of({ kind, since })));
  }

  @Get('daily')
  @ApiRead({ summary: 'The last days', operationId: 'dailyFigures', type: DailyFiguresView })
  async daily(@Query() { kind = 'purchase', days = 30 }: DailyQuery): Promise<DailyFiguresView> {
    const since = new Date(Date.now() - days * 24 * HOUR_MS);
    return dailyView(kind, await this.queries.execute(DailyFigures.of({ kind, since })));
  }

  @Get('recent')
  @ApiRead({ summary: 'The last five minutes', operationId: 'recentFigures', type: RecentFiguresView })
  async recent(): Promise<RecentFiguresView> {
    return recentView(await this.queries.execute(RecentFigures.of({ at: new Date() })));
  }

  @Get('customers/:id')
  @Roles('admin', 'customer')
  @ApiRead({ summary: 'What a customer did', operationId: 'customerFigures', type: CustomerFiguresView, one: true })
  async customer(@Param() { id: customerId }: IdParams, @Caller() caller: Principal): Promise<CustomerFiguresView> {
    if (!isAdmin(caller) && caller.customerId !== customerId) throw new NotFound('customer', customerId);
    return customerView(await this.queries.execute(FindCustomerFigures.of({ customerId })));
  }
}
