import type { Db, Decimal128 } from 'mongodb';

/** An order as the test counts it. */
export interface CountedOrder {
  readonly version: number;
  readonly status: 'draft' | 'pending';
  readonly quantity: number;
  readonly total: string;
}

interface RawCommit {
  readonly _id: { readonly s: string; readonly v: number };
  readonly e: readonly { readonly t: string; readonly d: Record<string, unknown> }[];
}

type RawOrder = {
  readonly _id: string;
  readonly status: 'draft' | 'pending';
  readonly total: Decimal128;
  readonly items: readonly { readonly quantity: number }[];
  readonly lastSyncedFrom: { readonly writeModelVersion: number };
};

/** An independent fold of the log: each order, or the only one of interest. */
export async function foldedOrders(database: Db, only?: string): Promise<Map<string, CountedOrder>> {
  const orders = new Map<string, CountedOrder>();
  const log = database
    .collection<RawCommit>('commits')
    .find({ '_id.s': only === undefined ? /^order-/ : `order-${only}` }, { readConcern: { level: 'majority' } });
  for (const { _id, e } of await log.sort({ _id: 1 }).toArray()) {
    const id = _id.s.slice('order-'.length);
    for (const [index, { t, d }] of e.entries()) {
      const before = orders.get(id) ?? { version: 0, status: 'draft' as const, quantity: 0, total: '0' };
      if (_id.v + index !== before.version + 1) throw new Error(`${_id.s} has a gap after version ${before.version}.`);
      const item = d['item'] as { quantity: number } | undefined;
      const totals = d['totals'] as { total: { amount: Decimal128 } } | undefined;
      orders.set(id, {
        version: before.version + 1,
        status: t === 'order.placed' ? 'pending' : before.status,
        quantity: item ? item.quantity : before.quantity,
        total: totals ? totals.total.amount.toString() : before.total,
      });
    }
  }
  return orders;
}

/** The orders as the read model shows them. */
export async function shownOrders(database: Db): Promise<Map<string, CountedOrder>> {
  const collection = await liveCollection(database, 'orders-read', 'orders_read');
  const documents = await database
    .collection<RawOrder>(collection)
    .find({}, { readConcern: { level: 'majority' } })
    .toArray();
  return new Map(
    documents.map(({ _id, status, total, items, lastSyncedFrom }) => [
      _id,
      {
        version: lastSyncedFrom.writeModelVersion,
        status,
        quantity: items.reduce((sum, { quantity }) => sum + quantity, 0),
        total: total.toString(),
      },
    ]),
  );
}

/** What the daily summaries say was placed, in all days. */
export async function summedUp(database: Db): Promise<{ orders: number; pieces: number }> {
  const summaries = await database
    .collection(await liveCollection(database, 'orders-summary', 'orders_summary'))
    .find()
    .toArray();
  const products = await database
    .collection(await liveCollection(database, 'orders-summary', 'orders_summary_products'))
    .find()
    .toArray();
  const metrics = summaries.map((summary) => summary['metrics'] as { orderCount: number });
  return {
    orders: metrics.reduce((sum, { orderCount }) => sum + orderCount, 0),
    pieces: products.reduce((sum, product) => sum + Number(product['unitsSold']), 0),
  };
}

async function liveCollection(database: Db, projection: string, model: string): Promise<string> {
  const generation = await database
    .collection('nestfold.generations')
    .findOne({ projection, state: 'live' }, { sort: { number: -1 } });
  return String((generation?.['collections'] as Record<string, string> | undefined)?.[model]);
}
