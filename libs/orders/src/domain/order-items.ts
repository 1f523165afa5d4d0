import type { OrderedItem } from '@shop/contracts';

/** The items with one in the place of that of the same product, or at the end. */
export function withItem<T extends Pick<OrderedItem, 'productId'>>(items: readonly T[], item: T): readonly T[] {
  const known = items.some(({ productId }) => productId === item.productId);
  return known ? items.map((other) => (other.productId === item.productId ? item : other)) : [...items, item];
}

/** The items but that of a product. */
export function withoutItem<T extends Pick<OrderedItem, 'productId'>>(
  items: readonly T[],
  productId: string,
): readonly T[] {
  return items.filter((item) => item.productId !== productId);
}
