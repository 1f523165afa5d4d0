import type { EventEnvelope, NewEvent, ReadModelWriter, StoreConnection } from '@nestfold/core';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { projectionDefinitionOf, type ProjectionDefinition } from '../definition/projection-definition.js';
import type { Write } from '../definition/write.js';
import { writes } from '../definition/writes.js';
import {
  CustomerCard,
  CustomerRenamed,
  OrderDeleted,
  OrderPlaced,
  OrderShipped,
  OrderView,
  OrderViewProjection,
  shopEvents,
} from '../fixtures/shop.fixture.js';
import { envelope, fact } from '../fixtures/store.fixture.js';
import type { DocumentMemory } from './document-memory.js';
import { ProjectionFold } from './projection-fold.js';

export const placed = (orderId: string, customerId = 'ada'): NewEvent =>
  fact(OrderPlaced, { orderId, customerId, total: 5 });
export const shipped = (orderId: string): NewEvent => fact(OrderShipped, { orderId });
export const deleted = (orderId: string): NewEvent => fact(OrderDeleted, { orderId });
export const renamed = (customerId: string, name: string): NewEvent => fact(CustomerRenamed, { customerId, name });

let count = 0;
export const at = (event: NewEvent): EventEnvelope => envelope('order-1', ++count, event);
export const orderView = projectionDefinitionOf(OrderViewProjection);

/** A projection whose one method answers what a test wants. */
export function answering(
  write: (e: OrderPlaced) => Write<OrderView> | Write<OrderView>[] | Write<OrderView | CustomerCard>[],
) {
  @Projection('answering', { version: 1, readModels: [OrderView, CustomerCard] })
  class Answering {
    @On(OrderPlaced)
    placed(e: OrderPlaced) {
      return write(e) as Write<OrderView>;
    }
  }
  return projectionDefinitionOf(Answering);
}

/** Inserts without having read anything. */
@Projection('blind', { version: 1, readModels: [OrderView, CustomerCard] })
export class BlindProjection {
  @On(OrderPlaced) placed(e: OrderPlaced) {
    return writes(OrderView).insert(e.orderId, {
      status: 'placed',
      customerId: '',
      customerName: '',
      total: 0,
      lines: [],
    });
  }
  @On(OrderShipped) shipped(e: OrderShipped) {
    return writes(OrderView).patch(e.orderId, { status: 'shipped' });
  }
  @On(OrderDeleted) deleted(e: OrderDeleted) {
    return writes(OrderView).remove(e.orderId);
  }
}

/** Folds events into collections named as the read models, each group in one batch and one transaction. */
export async function foldInto(
  connection: StoreConnection,
  definition: ProjectionDefinition,
  groups: readonly (readonly EventEnvelope[])[],
  watch: (writer: ReadModelWriter) => ReadModelWriter = (writer) => writer,
  memory?: DocumentMemory,
): Promise<void> {
  const collections = Object.fromEntries(definition.readModels.map(({ name }) => [name, name]));
  for (const name of Object.keys(collections)) await connection.readModels.create(name);
  const fold = new ProjectionFold(definition, shopEvents, collections);
  const key = 'fold';
  const claimed = await connection.checkpoints.claim(key, 1);
  const writer = await connection.checkpoints.openWriter(key);
  let previous = claimed!.batch;
  for (const events of groups) {
    const batch = fold.begin();
    for (const event of events) batch.add(event);
    const id = crypto.randomUUID();
    await writer.write(
      { key, token: 1, previous, id, position: { phase: 'history', began: '', horizon: '' } },
      (models) => batch.apply(watch(models), { memory }),
    );
    if (memory !== undefined) batch.remember(memory);
    previous = id;
  }
  await writer.close();
}
