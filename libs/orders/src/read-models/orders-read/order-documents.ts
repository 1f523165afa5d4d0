import type { EventContext } from '@nestfold/core';
import type { OrderedItem, OrderTotals, ProductDetails } from '@shop/contracts';
import type { CustomerCard, ProductCard } from './cards.read-model.js';
import type { OrderCustomer, OrderItem, OrderProduct } from './order-read.read-model.js';

/** The customer's part of an order. Without a card (the fact is not here, or never will be) the id alone is known. */
export function customerPart(customerId: string, card: CustomerCard | undefined): OrderCustomer {
  const { name = '', email = '', phone, vipStatus = 'regular' } = card ?? {};
  return { customerId, name, email, ...(phone !== undefined && { phone }), vipStatus };
}

/** An item's part of an order. */
export function itemPart(
  { productId, quantity, unitPrice, subtotal }: OrderedItem,
  card: ProductCard | undefined,
): OrderItem {
  return { productId, product: productPart(card), quantity, unitPrice: unitPrice.amount, subtotal: subtotal.amount };
}

/** The description of a product, as far as orders show it. */
export function cardDetails({ name, images, category, brand }: ProductDetails) {
  const imageUrl = (images.find(({ type }) => type === 'main') ?? images[0])?.url;
  return { name, imageUrl, category, brand };
}

/** The amounts of an order, in its own fields. */
export function amounts({ subtotal, tax, shipping, total }: OrderTotals) {
  return {
    subtotal: subtotal.amount,
    tax: tax.amount,
    shipping: shipping.amount,
    total: total.amount,
    currency: total.currency,
  };
}

/** What every event of an order leaves behind: times come from the event, so that a rebuild shows the same. */
export function stamp({ version, occurredAt, recordedAt }: EventContext) {
  return { updatedAt: occurredAt, lastSyncedFrom: { writeModelVersion: version, syncedAt: recordedAt } };
}

/** By what an order is found beside its customer. */
export function searchTextOf(items: readonly OrderItem[]): string {
  return items
    .flatMap(({ product: { name, sku, brand } }) => [name, sku, brand])
    .join(' ')
    .toLowerCase();
}

function productPart(card: ProductCard | undefined): OrderProduct {
  const { name = '', sku = '', imageUrl, category = '', brand = '' } = card ?? {};
  return { name, sku, ...(imageUrl !== undefined && { imageUrl }), category, brand };
}
