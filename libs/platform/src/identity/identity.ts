import type { Actor } from '@nestfold/core';

/** What a user may do. */
export const ROLES = ['admin', 'customer'] as const;

/** One of the roles that a token may name. */
export type Role = (typeof ROLES)[number];

/** Who sends a request, as the token says. */
export interface Identity extends Actor {
  readonly roles: readonly Role[];
  /** The customer whom a user of role `customer` is. */
  readonly customerId?: string;
}

/** A request after the guard; `identity` is missing on public routes. */
export interface RequestWithIdentity {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  identity?: Identity;
}
