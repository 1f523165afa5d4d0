import type { OrderStatus } from '@shop/contracts';
import type { StaffStatus } from '@shop/orders';
import type { SeededRandom } from './seeded-random.js';

const COUNT = 500;

/** An order and how far it goes. */
export interface SampleOrder {
  readonly customerId: string;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  /** The stages that it reaches after `draft`, in their order. */
  readonly stages: readonly StaffStatus[];
}

/** Somebody's word about a product. */
export interface SampleRating {
  readonly customerId: string;
  readonly productId: string;
  readonly rating: number;
}

// How many orders of a hundred end at which stage.
const SHARES: readonly (readonly [OrderStatus, number])[] = [
  ['draft', 8],
  ['pending', 14],
  ['confirmed', 18],
  ['shipped', 16],
  ['delivered', 34],
  ['cancelled', 10],
];

const WAY: readonly StaffStatus[] = ['pending', 'confirmed', 'shipped', 'delivered'];

/** The orders of the samples, in all stages. A few products sell much better than the rest, as products do. */
export function sampleOrders(
  random: SeededRandom,
  customerIds: readonly string[],
  productIds: readonly string[],
): readonly SampleOrder[] {
  return Array.from({ length: COUNT }, (_, index) => {
    const popular = productIds.slice(0, 15);
    const chosen = new Set([
      ...random.some(popular, random.integer(0, 2)),
      ...random.some(productIds, random.integer(1, 3)),
    ]);
    return {
      customerId: random.pick(customerIds),
      items: [...chosen].map((productId) => ({ productId, quantity: random.integer(1, 4) })),
      stages: stagesOf(random, endOf(index)),
    };
  });
}

/** What customers think of the products that reached them. */
export function sampleRatings(random: SeededRandom, orders: readonly SampleOrder[]): readonly SampleRating[] {
  const delivered = orders.filter(({ stages }) => stages.at(-1) === 'delivered');
  const ratings = delivered.flatMap(({ customerId, items }) => {
    const liked = random.next() < 0.6 ? items.slice(0, 1) : [];
    return liked.map(({ productId }) => ({ customerId, productId, rating: random.pick([2, 3, 4, 4, 5, 5, 5]) }));
  });
  // Each customer's last word: two at once would be two writers of one stream.
  return [...new Map(ratings.map((rating) => [`${rating.productId}/${rating.customerId}`, rating])).values()];
}

function endOf(index: number): OrderStatus {
  let place = index % 100;
  for (const [status, share] of SHARES) {
    if (place < share) return status;
    place -= share;
  }
  return 'delivered';
}

function stagesOf(random: SeededRandom, end: OrderStatus): readonly StaffStatus[] {
  if (end === 'draft') return [];
  if (end === 'cancelled') return [...WAY.slice(0, random.integer(0, 2)), 'cancelled'];
  return WAY.slice(0, WAY.indexOf(end) + 1);
}
