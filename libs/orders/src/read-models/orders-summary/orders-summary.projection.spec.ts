import { Decimal, type Data } from '@nestfold/core';
import { projection } from '@nestfold/testing';
import { money, OrderCancelled, OrderConfirmed, type Address, type OrderStatus } from '@shop/contracts';
import { describe, it } from 'vitest';
import { OrderPlaced, OrderShipped } from '../../domain/order.events.js';
import { totalsOf } from '../../domain/order-totals.js';
import { itemOf } from '../../domain/quote.js';
import { DayCustomer, DayProduct, OrdersSummary } from './orders-summary.read-models.js';
import { OrdersSummaryProjection } from './orders-summary.projection.js';

const home: Address = { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' };
const day = '2026-01-31';
const late = new Date('2026-01-31T23:59:59.999Z');
const nextDay = new Date('2026-02-01T08:00:00.000Z');
const lamps = itemOf({ productId: 'lamp', price: money('20.00'), forSale: true }, 2);
const items = [lamps];

const placed = (orderId: string, customerId: string): Data<OrderPlaced> => ({
  orderId,
  customerId,
  items,
  totals: totalsOf(items),
  shippingAddress: home,
  billingAddress: home,
});
const cancelled = (orderId: string, customerId: string, from: OrderStatus): Data<OrderCancelled> => ({
  orderId,
  customerId,
  reason: '',
  from,
  items,
});
const two = () =>
  projection(OrdersSummaryProjection)
    .given(OrderPlaced, placed('o1', 'ada'), { occurredAt: late })
    .given(OrderPlaced, placed('o2', 'bob'), { occurredAt: late });

const summary: Omit<Data<OrdersSummary>, '_id'> = {
  date: new Date('2026-01-31T00:00:00.000Z'),
  currency: 'USD',
  metrics: {
    orderCount: 2,
    totalRevenue: Decimal.of('108.00'),
    avgOrderValue: Decimal.of('54.00'),
    byStatus: { pending: 2, confirmed: 0, shipped: 0, delivered: 0, cancelled: 0 },
  },
  updatedAt: late,
};

describe('the daily summary', () => {
  it('counts orders on the day (UTC) on which they were placed', async () => {
    await two()
      .then(OrdersSummary, day, summary)
      .and(DayCustomer, `${day}/ada`, { day, customerId: 'ada', orderCount: 1, totalSpent: Decimal.of('54.00') })
      .and(DayProduct, `${day}/lamp`, { day, productId: 'lamp', unitsSold: 4, revenue: Decimal.of('80.00') });
  });

  it('moves an order on within its own day, whenever that happens', async () => {
    await two()
      .given(OrderConfirmed, { orderId: 'o1', customerId: 'ada', items }, { occurredAt: nextDay })
      .given(OrderShipped, { orderId: 'o1' }, { occurredAt: nextDay })
      .then(OrdersSummary, day, {
        ...summary,
        metrics: { ...summary.metrics, byStatus: { ...summary.metrics.byStatus, pending: 1, shipped: 1 } },
        updatedAt: nextDay,
      })
      .absent(OrdersSummary, '2026-02-01');
  });

  it('takes a cancelled order out of counts and revenue, but not out of the stages', async () => {
    await two()
      .given(OrderCancelled, cancelled('o2', 'bob', 'pending'), { occurredAt: nextDay })
      .then(OrdersSummary, day, {
        ...summary,
        metrics: {
          orderCount: 1,
          totalRevenue: Decimal.of('54.00'),
          avgOrderValue: Decimal.of('54.00'),
          byStatus: { ...summary.metrics.byStatus, pending: 1, cancelled: 1 },
        },
        updatedAt: nextDay,
      })
      .and(DayCustomer, `${day}/bob`, { day, customerId: 'bob', orderCount: 0, totalSpent: Decimal.of('0.00') })
      .and(DayProduct, `${day}/lamp`, { day, productId: 'lamp', unitsSold: 2, revenue: Decimal.of('40.00') });
  });

  it('divides nothing by no order', async () => {
    const nothing = Decimal.of('0.00');
    await projection(OrdersSummaryProjection)
      .given(OrderPlaced, placed('o1', 'ada'), { occurredAt: late })
      .given(OrderCancelled, cancelled('o1', 'ada', 'pending'), { occurredAt: late })
      .then(OrdersSummary, day, {
        ...summary,
        metrics: {
          orderCount: 0,
          totalRevenue: nothing,
          avgOrderValue: nothing,
          byStatus: { ...summary.metrics.byStatus, pending: 0, cancelled: 1 },
        },
      });
  });

  it('never counted a draft, so its cancellation changes nothing', async () => {
    await projection(OrdersSummaryProjection)
      .given(OrderCancelled, cancelled('o1', 'ada', 'draft'), { occurredAt: late })
      .absent(OrdersSummary, day);
  });
});
