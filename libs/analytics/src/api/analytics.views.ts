import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { moneyValue, type Currency } from '@shop/contracts';
import { MoneyValue } from '@shop/platform';
import type { Decimal } from '@nestfold/core';
import { ACTIVITY_KINDS, type ActivityCounts, type ActivityKind } from '../domain/activity.js';
import type { RecentSums } from '../queries/recent-figures.query.js';
import type { CustomerFigures } from '../read-models/activity-figures/customer-figures.read-model.js';
import type { DayFigures } from '../read-models/activity-figures/day-figures.read-model.js';
import type { HourFigures } from '../read-models/activity-figures/hour-figures.read-model.js';

// One so far, as everywhere in the shop.
const CURRENCY: Currency = 'USD';

/** How often each thing was done. */
export class ActivityCountsView implements ActivityCounts {
  @ApiProperty({ type: 'integer' })
  signup!: number;

  @ApiProperty({ type: 'integer' })
  purchase!: number;

  @ApiProperty({ type: 'integer' })
  cancellation!: number;
}

/** One of the last things of its kind in an hour. */
export class ActivitySampleView {
  @ApiProperty()
  customerId!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  at!: Date;

  @ApiPropertyOptional({ type: () => MoneyValue })
  value?: MoneyValue;
}

/** One hour (UTC). */
export class HourView {
  @ApiProperty({ type: 'string', format: 'date-time', description: 'Its beginning.' })
  hour!: Date;

  @ApiProperty({ type: 'integer' })
  count!: number;

  @ApiProperty({ type: () => MoneyValue })
  total!: MoneyValue;

  @ApiProperty({ type: () => [ActivitySampleView], description: 'The last hundred, the latest last.' })
  samples!: readonly ActivitySampleView[];
}

/** Hours in which something was done. */
export class HourlyFiguresView {
  @ApiProperty({ enum: ACTIVITY_KINDS })
  kind!: ActivityKind;

  @ApiProperty({ type: () => [HourView], description: 'From the earliest on; hours without are missing.' })
  hours!: readonly HourView[];
}

/** One day (UTC). */
export class DayView {
  @ApiProperty({ type: 'string', format: 'date' })
  date!: string;

  @ApiProperty({ type: 'integer' })
  count!: number;

  @ApiProperty({ type: () => MoneyValue })
  total!: MoneyValue;

  @ApiPropertyOptional({ type: () => MoneyValue, description: 'The least that one was worth.' })
  min?: MoneyValue;

  @ApiPropertyOptional({ type: () => MoneyValue, description: 'The most that one was worth.' })
  max?: MoneyValue;
}

/** Days on which something was done. */
export class DailyFiguresView {
  @ApiProperty({ enum: ACTIVITY_KINDS })
  kind!: ActivityKind;

  @ApiProperty({ type: () => [DayView], description: 'From the earliest on; days without are missing.' })
  days!: readonly DayView[];
}

/** What one customer did. */
export class CustomerFiguresView {
  @ApiProperty()
  customerId!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  firstSeen!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  lastSeen!: Date;

  @ApiProperty({ type: () => ActivityCountsView })
  counts!: ActivityCountsView;

  @ApiProperty({ type: () => MoneyValue })
  purchased!: MoneyValue;
}

/** What was done in the last five minutes. */
export class RecentFiguresView {
  @ApiProperty({ type: 'string', format: 'date-time' })
  from!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  to!: Date;

  @ApiProperty({ type: () => ActivityCountsView })
  counts!: ActivityCountsView;

  @ApiProperty({ type: () => MoneyValue })
  purchased!: MoneyValue;
}

/** Hours as the API shows them. */
export function hourlyView(kind: ActivityKind, hours: readonly HourFigures[]): HourlyFiguresView {
  return {
    kind,
    hours: hours.map(({ hour, count, total, samples }) => ({
      hour,
      count,
      total: usd(total),
      samples: samples.map(({ customerId, at, value }) => ({ customerId, at, ...(value && { value: usd(value) }) })),
    })),
  };
}

/** Days as the API shows them. */
export function dailyView(kind: ActivityKind, days: readonly DayFigures[]): DailyFiguresView {
  return {
    kind,
    days: days.map(({ day, count, total, min, max }) => ({
      date: day.toISOString().slice(0, 10),
      count,
      total: usd(total),
      ...(min && { min: usd(min) }),
      ...(max && { max: usd(max) }),
    })),
  };
}

/** A customer's figures as the API shows them. */
export function customerView({ _id: customerId, purchased, ...figures }: CustomerFigures): CustomerFiguresView {
  return { customerId, ...figures, purchased: usd(purchased) };
}

/** The window as the API shows it. */
export function recentView({ purchased, ...sums }: RecentSums): RecentFiguresView {
  return { ...sums, purchased: usd(purchased) };
}

function usd(amount: Decimal): MoneyValue {
  return moneyValue(amount, CURRENCY);
}
