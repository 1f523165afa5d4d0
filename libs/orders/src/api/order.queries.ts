import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsId, IsText, Optional, ORDER_STATUSES, type OrderStatus } from '@shop/contracts';
import { IdParams, PageQuery, QueryAmount, QueryDay, QueryMoment } from '@shop/platform';
import { IsIn } from 'class-validator';
import { ORDER_SORTS, type OrderSort } from '../queries/search-orders.query.js';

/** Which orders of a customer to show. */
export class CustomerOrdersQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ORDER_STATUSES })
  @Optional()
  @IsIn(ORDER_STATUSES)
  status?: OrderStatus;

  @ApiPropertyOptional({
    type: 'string',
    example: '2026-01-01',
    description: 'Begun on this day or at this moment, or later.',
  })
  @QueryMoment()
  from?: Date;

  @ApiPropertyOptional({
    type: 'string',
    example: '2026-01-31',
    description: 'Begun on this day or at this moment, or earlier.',
  })
  @QueryMoment({ end: true })
  to?: Date;

  @ApiPropertyOptional({ enum: ORDER_SORTS, default: '-createdAt' })
  @Optional()
  @IsIn(ORDER_SORTS)
  sort?: OrderSort;
}

/** Which orders to show. */
export class OrderSearchQuery extends CustomerOrdersQuery {
  @ApiPropertyOptional({ maxLength: 200, description: 'Words of the customer, or of the products.' })
  @Optional()
  @IsText({ max: 200 })
  text?: string;

  @ApiPropertyOptional({ type: 'string', example: '10.00' })
  @QueryAmount()
  minTotal?: string;

  @ApiPropertyOptional({ type: 'string', example: '99.99' })
  @QueryAmount()
  maxTotal?: string;
}

/** Which day to report on. */
export class DailyReportQuery {
  @ApiPropertyOptional({ type: 'string', format: 'date', description: 'Today (UTC) when left out.' })
  @Optional()
  @QueryDay()
  date?: string;
}

/** A product in an order, in a path. */
export class OrderItemParams extends IdParams {
  @ApiProperty({ maxLength: 128 })
  @IsId()
  productId!: string;
}
