import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { ROLES, type Identity, type Role } from './identity.js';

/** Where tokens come from, and for whom they are. */
export interface TokenSource {
  readonly key: JWTVerifyGetKey;
  readonly issuer: string;
  readonly audience: string;
}

/** The keys of an identity provider, fetched when they are needed and kept while they last. */
export function remoteKeys(url: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(url), { timeoutDuration: 3000, cooldownDuration: 10_000 });
}

/**
 * Verifies bearer tokens. Pinned are the algorithms (asymmetric ones only), the type, issuer, audience and greatest age;
 * nothing that a token says of its own key is followed.
 */
export class TokenVerifier {
  constructor(private readonly source: TokenSource) {}

  /** Answers `undefined` for a token that is not valid; throws when the provider's keys cannot be had. */
  async verify(token: string): Promise<Identity | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.source.key, {
        algorithms: ['ES256', 'RS256', 'EdDSA'],
        issuer: this.source.issuer,
        audience: this.source.audience,
        maxTokenAge: '12h',
        clockTolerance: 5,
        requiredClaims: ['sub', 'iat', 'exp'],
      });
      return identityOf(payload);
    } catch (error) {
      if (error instanceof errors.JWKSTimeout) throw error;
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

function identityOf({ sub, ...claims }: JWTPayload): Identity | undefined {
  if (sub === undefined || sub === '' || sub.length > 200) return undefined;
  const named = Array.isArray(claims['roles']) ? (claims['roles'] as unknown[]) : [];
  const roles = ROLES.filter((role): role is Role => named.includes(role));
  const customerId = claims['customer_id'];
  return { id: sub, roles, ...(typeof customerId === 'string' && { customerId }) };
}
