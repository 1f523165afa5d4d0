/** The bounds of an order: different products, and pieces of each. */
export const ORDER_LIMITS = { items: 100, quantity: 1_000 } as const;
