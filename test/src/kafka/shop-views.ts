import { DomainEvent, EventTypes, systemEnvironment, type NewEvent, type StoreConnection } from '@nestfold/core';
import { On, Projection, ReadModelDocument, writes } from '@nestfold/projections';

@DomainEvent('order.opened')
export class OrderOpened {
  orderId!: string;
  customerId!: string;
  at!: Date;
}

@DomainEvent('order.item-added')
export class ItemAdded {
  orderId!: string;
  quantity!: number;
}

@DomainEvent('customer.named')
export class CustomerNamed {
  customerId!: string;
  name!: string;
}

export const shopEvents = EventTypes.of([OrderOpened, ItemAdded, CustomerNamed]);

@ReadModelDocument('cards')
export class Card {
  _id!: string;
  name!: string;
  orders!: number;
}

@ReadModelDocument('views')
export class View {
  _id!: string;
  customerId!: string;
  customerName!: string;
  items!: number;
  at!: Date;
}

const [card, view] = [writes(Card), writes(View)];

/** Documents of several streams, which need one order: a card must be there before its customer's orders. */
@Projection('views', { version: 1, readModels: [Card, View] })
export class ViewsProjection {
  @On(CustomerNamed) named({ customerId, name }: CustomerNamed) {
    return [
      card.reduce(customerId, (document) => ({ orders: document?.orders ?? 0, name })),
      view.patchWhere({ customerId }, { customerName: name }),
    ];
  }

  @On(OrderOpened, { with: { customer: [Card, (event) => event.customerId] } })
  opened(event: OrderOpened, { customer }: { readonly customer: Card | undefined }) {
    const { orderId, customerId, at } = event;
    return [
      view.insert(orderId, { customerId, customerName: customer?.name ?? '', items: 0, at }),
      card.increment(customerId, { orders: 1 }),
    ];
  }

  @On(ItemAdded) added({ orderId, quantity }: ItemAdded) {
    return view.increment(orderId, { items: quantity });
  }
}

/** Customers who open orders, add to them, and are named anew, one after the other: so that every order of events has its cause. */
export async function trade(store: StoreConnection, steps: number, seed: string): Promise<void> {
  const open: string[] = [];
  const chance = (below: number): number => Math.floor(systemEnvironment.random() * below);
  for (let step = 0; step < steps; step += 1) {
    const kind = chance(10);
    const customerId = `${seed}${chance(5)}`;
    if (step < 5 || kind === 0) {
      const id = step < 5 ? `${seed}${step}` : customerId;
      await append(
        store,
        `customer-${id}`,
        shopEvents.newEvent(CustomerNamed, { customerId: id, name: `name ${step}` }),
      );
    } else if (kind < 4 || open.length === 0) {
      const orderId = `${seed}-${step}`;
      open.push(orderId);
      const at = new Date(1_700_000_000_000 + step);
      await append(store, `order-${orderId}`, shopEvents.newEvent(OrderOpened, { orderId, customerId, at }));
    } else {
      const orderId = open[chance(open.length)]!;
      await append(store, `order-${orderId}`, shopEvents.newEvent(ItemAdded, { orderId, quantity: 1 + chance(3) }));
    }
  }
}

async function append({ events }: StoreConnection, stream: string, event: NewEvent): Promise<void> {
  await events.append([
    {
      stream,
      expected: 'any',
      events: [event],
      commitId: systemEnvironment.uuid(),
      metadata: { correlationId: 'test', causationId: 'test' },
    },
  ]);
}
