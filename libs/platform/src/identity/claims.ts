import { isId } from '@shop/contracts';
import type { JWTPayload, JWTVerifyResult } from 'jose';
import { InvalidToken } from './identity.errors.js';
import { ROLES, type Principal } from './principal.js';

const ACCESS_TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt']);

/** The caller that verified claims name. Throws `InvalidToken` for another kind of token (a refresh token) or an unfit subject. */
export function principalOf(payload: JWTPayload, header: JWTVerifyResult['protectedHeader']): Principal {
  if (!ACCESS_TYPES.has((header.typ ?? '').toLowerCase())) throw new InvalidToken();
  const customerId = payload['customer_id'] ?? payload.sub;
  if (!isId(payload.sub) || !isId(customerId)) throw new InvalidToken();
  const stated: unknown = payload['roles'];
  const roles = ROLES.filter((role) => Array.isArray(stated) && stated.includes(role));
  return { id: payload.sub, roles, customerId };
}
