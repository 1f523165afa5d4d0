import { Decimal, type Data } from '@nestfold/core';
import { projection } from '@nestfold/testing';
import { CustomerRegistered, money, OrderCancelled, type OrderStatus } from '@shop/contracts';
import { describe, it } from 'vitest';
import { noActivity } from '../../domain/activity.js';
import { OrderPlaced } from '../../domain/order-placed.event.js';
import { ActivityFiguresProjection } from './activity-figures.projection.js';
import { CustomerFigures } from './customer-figures.read-model.js';
import { DayFigures } from './day-figures.read-model.js';
import { HourFigures } from './hour-figures.read-model.js';
import { RECENT, RecentActivity } from './recent-activity.read-model.js';

const at = (time: string): { readonly occurredAt: Date } => ({ occurredAt: new Date(`2026-01-31T${time}Z`) });
const placed = (customerId: string, total: string): Data<OrderPlaced> => ({
  customerId,
  totals: { total: money(total) },
});
const registered: Data<CustomerRegistered> = {
  customerId: 'ada',
  name: 'Ada',
  email: 'ada@example.com',
  vipStatus: 'regular',
};
const cancelled = (from: OrderStatus): Data<OrderCancelled> => ({
  orderId: 'o1',
  customerId: 'ada',
  reason: '',
  from,
  items: [],
});
const figures = () => projection(ActivityFiguresProjection);

describe('the figures of an hour', () => {
  it('count what was done in it, with what it was worth and who did it', async () => {
    await figures()
      .given(OrderPlaced, placed('ada', '54.00'), at('10:00:00.000'))
      .given(OrderPlaced, placed('bob', '12.50'), at('10:59:59.999'))
      .given(OrderPlaced, placed('ada', '99.00'), at('11:00:00.000'))
      .then(HourFigures, '2026-01-31T10/purchase', {
        kind: 'purchase',
        hour: new Date('2026-01-31T10:00:00.000Z'),
        count: 2,
        total: Decimal.of('66.50'),
        samples: [
          { customerId: 'ada', at: new Date('2026-01-31T10:00:00.000Z'), value: Decimal.of('54.00') },
          { customerId: 'bob', at: new Date('2026-01-31T10:59:59.999Z'), value: Decimal.of('12.50') },
        ],
      });
  });

  it('keep the last hundred samples, and count all', async () => {
    const start = Date.UTC(2026, 0, 31, 10);
    const moments = Array.from({ length: 101 }, (_, index) => new Date(start + index * 1_000));
    const [first, ...last] = moments;
    const given = moments.reduce(
      (sentence, occurredAt) => sentence.given(CustomerRegistered, registered, { occurredAt }),
      figures().given(OrderCancelled, cancelled('draft')),
    );
    await given.then(HourFigures, '2026-01-31T10/signup', {
      kind: 'signup',
      hour: first!,
      count: 101,
      total: Decimal.of('0.00'),
      samples: last.map((moment) => ({ customerId: 'ada', at: moment })),
    });
  });
});

describe('the figures of a day', () => {
  it('say what all was worth, and the least and the most of one', async () => {
    await figures()
      .given(OrderPlaced, placed('ada', '54.00'), at('00:00:00.000'))
      .given(OrderPlaced, placed('bob', '12.50'), at('12:00:00.000'))
      .given(OrderPlaced, placed('bob', '99.00'), at('23:59:59.999'))
      .then(DayFigures, '2026-01-31/purchase', {
        kind: 'purchase',
        day: new Date('2026-01-31T00:00:00.000Z'),
        count: 3,
        total: Decimal.of('165.50'),
        min: Decimal.of('12.50'),
        max: Decimal.of('99.00'),
      })
      .absent(DayFigures, '2026-02-01/purchase');
  });

  it('name no least and no most where nothing had a price', async () => {
    await figures()
      .given(CustomerRegistered, registered, at('10:00:00.000'))
      .then(DayFigures, '2026-01-31/signup', {
        kind: 'signup',
        day: new Date('2026-01-31T00:00:00.000Z'),
        count: 1,
        total: Decimal.of('0.00'),
      });
  });
});

describe('the figures of a customer', () => {
  it('say when they were seen first and last, and how often they did what', async () => {
    await figures()
      .given(OrderPlaced, placed('ada', '54.00'), at('10:00:00.000'))
      .given(CustomerRegistered, registered, at('09:00:00.000'))
      .given(OrderCancelled, cancelled('pending'), at('11:00:00.000'))
      .then(CustomerFigures, 'ada', {
        firstSeen: new Date('2026-01-31T09:00:00.000Z'),
        lastSeen: new Date('2026-01-31T11:00:00.000Z'),
        counts: { signup: 1, purchase: 1, cancellation: 1 },
        purchased: Decimal.of('54.00'),
      });
  });

  it('do not know a draft that was given up', async () => {
    await figures().given(OrderCancelled, cancelled('draft'), at('10:00:00.000')).absent(CustomerFigures, 'ada');
  });
});

describe('the sliding window', () => {
  const step = (time: string, purchases: number, purchased: string) => ({
    at: new Date(`2026-01-31T${time}.000Z`),
    counts: { ...noActivity, purchase: purchases },
    purchased: Decimal.of(purchased),
  });

  it('counts in steps of five seconds, in the order of time, whatever arrives first', async () => {
    await figures()
      .given(OrderPlaced, placed('ada', '1.00'), at('10:00:05.000'))
      .given(OrderPlaced, placed('bob', '2.00'), at('10:00:09.999'))
      .given(OrderPlaced, placed('ada', '4.00'), at('10:00:04.999'))
      .then(RecentActivity, RECENT, { steps: [step('10:00:00', 1, '4.00'), step('10:00:05', 2, '3.00')] });
  });

  it('drops what is more than five minutes older than the latest, and takes nothing in that is', async () => {
    await figures()
      .given(OrderPlaced, placed('ada', '1.00'), at('10:00:00.000'))
      .given(OrderPlaced, placed('bob', '2.00'), at('10:05:05.000'))
      .given(OrderPlaced, placed('ada', '4.00'), at('09:00:00.000'))
      .then(RecentActivity, RECENT, { steps: [step('10:05:05', 1, '2.00')] });
  });

  it('takes a time that is still to come for the moment of recording, so that one wrong clock empties nothing', async () => {
    await figures()
      .given(OrderPlaced, placed('ada', '1.00'), at('10:00:00.000'))
      .given(OrderPlaced, placed('bob', '2.00'), {
        occurredAt: new Date('2099-01-01T00:00:00.000Z'),
        recordedAt: new Date('2026-01-31T10:00:07.000Z'),
      })
      .then(RecentActivity, RECENT, { steps: [step('10:00:00', 1, '1.00'), step('10:00:05', 1, '2.00')] });
  });
});
