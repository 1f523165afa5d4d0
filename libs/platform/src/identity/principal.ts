import type { Request } from 'express';

/** The roles of the shop: who runs it, and who buys in it. */
export const ROLES = ['admin', 'customer'] as const;

/** One of the roles of the shop. */
export type Role = (typeof ROLES)[number];

/** Who calls, as the token says. */
export interface Principal {
  readonly id: string;
  readonly roles: readonly Role[];
  /** The customer's record that is the caller's own: the claim `customer_id`, else the caller's id. */
  readonly customerId: string;
}

/** A request whose caller may be known. */
export type IdentifiedRequest = Request & { principal?: Principal };

/** Whether the caller runs the shop. */
export function isAdmin({ roles }: Principal): boolean {
  return roles.includes('admin');
}

/** The customer to whose things the caller is kept: nobody for the shop's staff. */
export function ownCustomer(caller: Principal): string | undefined {
  return isAdmin(caller) ? undefined : caller.customerId;
}
