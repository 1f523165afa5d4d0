/** The stages to which the shop's staff can move an order. */
export const STAFF_STATUSES = ['pending', 'confirmed', 'shipped', 'delivered', 'cancelled'] as const;

/** One of the stages to which the shop's staff can move an order. */
export type StaffStatus = (typeof STAFF_STATUSES)[number];
