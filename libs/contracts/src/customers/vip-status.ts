/** How dear a customer is to the shop. */
export const VIP_STATUSES = ['regular', 'silver', 'gold', 'platinum'] as const;

/** One of the standings of a customer. */
export type VipStatus = (typeof VIP_STATUSES)[number];
