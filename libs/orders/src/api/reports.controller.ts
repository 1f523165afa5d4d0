import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestfold/core';
import { ApiTags } from '@nestjs/swagger';
import { ApiRead, Roles } from '@shop/platform';
import { DailyReport } from '../queries/daily-report.query.js';
import { dayOf } from '../read-models/orders-summary/day.js';
import { DailyReportQuery } from './order.queries.js';
import { DailyReportView, dailyReportView } from './report.view.js';

/** What the shop's staff wants to know of the trade. */
@ApiTags('reports')
@Roles('admin')
@Controller('reports')
export class ReportsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('daily')
  @ApiRead({ summary: 'The orders that were placed on one day', operationId: 'dailyReport', type: DailyReportView })
  async daily(@Query() { date = dayOf(new Date()) }: DailyReportQuery): Promise<DailyReportView> {
    return dailyReportView(await this.queries.execute(DailyReport.of({ date })));
  }
}
