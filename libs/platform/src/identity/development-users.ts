import type { Role } from './principal.js';

/** A user that comes with the shop on a developer's machine. */
export interface DevelopmentUser {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly roles: readonly Role[];
}

/** The users of the development issuer: public knowledge, so it does not exist in production. */
export const developmentUsers: readonly DevelopmentUser[] = [
  { id: 'admin', email: 'admin@shop.test', password: 'admin', roles: ['admin'] },
  { id: 'customer', email: 'customer@shop.test', password: 'customer', roles: ['customer'] },
  { id: 'customer-2', email: 'customer2@shop.test', password: 'customer2', roles: ['customer'] },
];
