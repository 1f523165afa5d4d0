import { Decimal, type EventContext } from '@nestfold/core';
import { On, Projection, writes } from '@nestfold/projections';
import { OrderCancelled, OrderConfirmed, type Currency, type OrderedItem } from '@shop/contracts';
import { OrderDelivered, OrderPlaced, OrderShipped } from '../../domain/order.events.js';
import { beginningOf, dayOf } from './day.js';
import {
  DayCustomer,
  DayProduct,
  OrdersSummary,
  SummarisedOrder,
  type OrdersByStatus,
} from './orders-summary.read-models.js';

const summaries = writes(OrdersSummary);
const customers = writes(DayCustomer);
const products = writes(DayProduct);
const orders = writes(SummarisedOrder);

type Stage = keyof OrdersByStatus;
type WithOrder = EventContext & { readonly order: SummarisedOrder | undefined };

const nothing = Decimal.of('0.00');
const noOrders: OrdersByStatus = { pending: 0, confirmed: 0, shipped: 0, delivered: 0, cancelled: 0 };

/** Feeds the daily report. An order counts on the day on which it was placed, also when it moves on later. */
@Projection('orders-summary', { version: 1, readModels: [OrdersSummary, DayCustomer, DayProduct, SummarisedOrder] })
export class OrdersSummaryProjection {
  @On(OrderPlaced)
  placed({ orderId, customerId, items, totals }: OrderPlaced, context: EventContext) {
    const day = dayOf(context.occurredAt);
    const { amount: total, currency } = totals.total;
    const order = { day, customerId, total, currency };
    return [
      orders.insert(orderId, order),
      this.counted(day, currency, context, { to: 'pending', orders: 1, revenue: total }),
      ...this.sold({ _id: orderId, ...order }, items, 1),
    ];
  }

  @On(OrderConfirmed, { with: { order: [SummarisedOrder, (event) => event.orderId] } })
  confirmed(_event: OrderConfirmed, context: WithOrder) {
    return this.moved(context, 'pending', 'confirmed');
  }

  @On(OrderShipped, { with: { order: [SummarisedOrder, (event) => event.orderId] } })
  shipped(_event: OrderShipped, context: WithOrder) {
    return this.moved(context, 'confirmed', 'shipped');
  }

  @On(OrderDelivered, { with: { order: [SummarisedOrder, (event) => event.orderId] } })
  delivered(_event: OrderDelivered, context: WithOrder) {
    return this.moved(context, 'shipped', 'delivered');
  }

  /** A draft had never counted. */
  @On(OrderCancelled, { with: { order: [SummarisedOrder, (event) => event.orderId] } })
  cancelled({ from, items }: OrderCancelled, context: WithOrder) {
    const { order } = context;
    if (order === undefined || (from !== 'pending' && from !== 'confirmed')) return undefined;
    const change: Change = { from, to: 'cancelled', orders: -1, revenue: order.total.negated() };
    return [this.counted(order.day, order.currency, context, change), ...this.sold(order, items, -1)];
  }

  private moved(context: WithOrder, from: Stage, to: Stage) {
    const { order } = context;
    if (order === undefined) return undefined;
    return this.counted(order.day, order.currency, context, { from, to, orders: 0, revenue: nothing });
  }

  private counted(day: string, currency: Currency, { occurredAt }: EventContext, change: Change) {
    return summaries.reduce(day, (summary) => ({
      date: beginningOf(day),
      currency,
      metrics: changed(summary?.metrics ?? empty, change),
      updatedAt: occurredAt,
    }));
  }

  private sold({ day, customerId, total }: SummarisedOrder, items: readonly OrderedItem[], sign: 1 | -1) {
    const signed = (amount: Decimal): Decimal => (sign === 1 ? amount : amount.negated());
    return [
      customers.increment(
        `${day}/${customerId}`,
        { orderCount: sign, totalSpent: signed(total) },
        { initial: { day, customerId, orderCount: 0, totalSpent: nothing } },
      ),
      ...items.map(({ productId, quantity, subtotal }) =>
        products.increment(
          `${day}/${productId}`,
          { unitsSold: sign * quantity, revenue: signed(subtotal.amount) },
          { initial: { day, productId, unitsSold: 0, revenue: nothing } },
        ),
      ),
    ];
  }
}

type Metrics = OrdersSummary['metrics'];
type Change = { readonly from?: Stage; readonly to: Stage; readonly orders: number; readonly revenue: Decimal };

const empty: Metrics = { orderCount: 0, totalRevenue: nothing, avgOrderValue: nothing, byStatus: noOrders };

function changed(metrics: Metrics, { from, to, orders: change, revenue }: Change): Metrics {
  const orderCount = metrics.orderCount + change;
  const totalRevenue = metrics.totalRevenue.plus(revenue);
  const byStatus = { ...metrics.byStatus, [to]: metrics.byStatus[to] + 1 };
  if (from !== undefined) byStatus[from] -= 1;
  const avgOrderValue = orderCount === 0 ? nothing : totalRevenue.dividedBy(orderCount, 2);
  return { orderCount, totalRevenue, avgOrderValue, byStatus };
}
