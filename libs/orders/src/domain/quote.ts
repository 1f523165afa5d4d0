import { timesMoney, type Money, type OrderedItem } from '@shop/contracts';

/** What a product costs at the moment, by the shop's own word. */
export interface Quote {
  readonly productId: string;
  readonly price: Money;
  /** False when it is not for sale any more. */
  readonly forSale: boolean;
}

/** So many pieces of a product, at its quote. */
export function itemOf({ productId, price }: Quote, quantity: number): OrderedItem {
  return { productId, quantity, unitPrice: price, subtotal: timesMoney(price, quantity) };
}
