import type { EventContext } from '@nestfold/core';
import { kafka } from '@nestfold/kafka';
import { On, Projection, writes } from '@nestfold/projections';
import { CustomerRegistered, OrderCancelled } from '@shop/contracts';
import { ACTIVITY_TOPIC } from '@shop/service';
import type { Activity } from '../../domain/activity.js';
import { OrderPlaced } from '../../domain/order-placed.event.js';
import { CustomerFigures, customerWith } from './customer-figures.read-model.js';
import { DayFigures, dayIdOf, dayWith } from './day-figures.read-model.js';
import { HourFigures, hourIdOf, hourWith } from './hour-figures.read-model.js';
import { RECENT, RecentActivity, recentWith } from './recent-activity.read-model.js';

const hours = writes(HourFigures);
const days = writes(DayFigures);
const customers = writes(CustomerFigures);
const recent = writes(RecentActivity);

/**
 * Feeds all figures from the shop's topic, and from nothing else. Each document is fed by many streams, so the topic has one partition: the samples of
 * an hour and the window need the order of the store.
 */
@Projection('activity-figures', {
  version: 1,
  readModels: [HourFigures, DayFigures, CustomerFigures, RecentActivity],
  source: kafka(ACTIVITY_TOPIC),
})
export class ActivityFiguresProjection {
  @On(CustomerRegistered)
  registered({ customerId }: CustomerRegistered, { occurredAt, recordedAt }: EventContext) {
    return this.figures({ kind: 'signup', customerId, at: occurredAt, recordedAt });
  }

  @On(OrderPlaced)
  placed({ customerId, totals }: OrderPlaced, { occurredAt, recordedAt }: EventContext) {
    return this.figures({
      kind: 'purchase',
      customerId,
      at: occurredAt,
      recordedAt,
      value: totals.total.amount,
    });
  }

  /** A draft that is given up had never been a purchase. */
  @On(OrderCancelled)
  cancelled({ customerId, from }: OrderCancelled, { occurredAt, recordedAt }: EventContext) {
    if (from === 'draft') return undefined;
    return this.figures({ kind: 'cancellation', customerId, at: occurredAt, recordedAt });
  }

  private figures(activity: Activity) {
    return [
      hours.reduce(hourIdOf(activity), (hour) => hourWith(hour, activity)),
      days.reduce(dayIdOf(activity), (day) => dayWith(day, activity)),
      customers.reduce(activity.customerId, (customer) => customerWith(customer, activity)),
      recent.reduce(RECENT, (window) => recentWith(window, activity)),
    ];
  }
}
