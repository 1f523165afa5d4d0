import type { Request } from 'express';

/** The roles of the shop: who runs it, and who buys in it. */
export const ROLES = ['admin', 'customer'] as const;

/** One of the roles of the shop. */
export type Role = (typeof ROLES)[number];

/** Who calls, as the token says. A customer's id is also that of the customer's record. */
export interface Principal {
  readonly id: string;
  readonly roles: readonly Role[];
}

/** A request whose caller may be known. */
export type IdentifiedRequest = Request & { principal?: Principal };

/** Whether the caller runs the shop. */
export function isAdmin({ roles }: Principal): boolean {
  return roles.includes('admin');
}
