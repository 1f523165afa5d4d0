/** The stages of an order, in their order; `cancelled` ends it before it is shipped. */
export const ORDER_STATUSES = ['draft', 'pending', 'confirmed', 'shipped', 'delivered', 'cancelled'] as const;

/** One of the stages of an order: `draft` until it is placed, then `pending` until the shop confirms it. */
export type OrderStatus = (typeof ORDER_STATUSES)[number];
