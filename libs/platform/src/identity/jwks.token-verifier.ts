import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { AuthConfig } from '../config/shop-config.js';
import { principalOf } from './claims.js';
import { IdentityUnavailable, InvalidToken } from './identity.errors.js';
import type { Principal } from './principal.js';
import { TokenVerifier } from './token-verifier.port.js';

// Asymmetric only: with HS256 a public key could be used as a secret.
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const CLOCK_TOLERANCE_SECONDS = 5;

/** Believes the tokens of one issuer for one audience, by the keys that it publishes; new keys are noticed. */
export class JwksTokenVerifier extends TokenVerifier {
  private readonly keys: JWTVerifyGetKey;

  constructor(private readonly config: Extract<AuthConfig, { kind: 'external' }>) {
    super();
    this.keys = createRemoteJWKSet(config.jwksUrl, { timeoutDuration: 5_000, cooldownDuration: 30_000 });
  }

  async verify(token: string): Promise<Principal> {
    const { issuer, audience, maxAgeSeconds } = this.config;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.keys, {
        algorithms: ALGORITHMS,
        issuer,
        audience,
        maxTokenAge: maxAgeSeconds,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['sub', 'iat', 'exp'],
      });
      return principalOf(payload, protectedHeader);
    } catch (error) {
      throw asIdentityError(error);
    }
  }
}

/** Errors of jose about the token are the caller's; a key set that cannot be fetched is ours. */
function asIdentityError(cause: unknown): Error {
  if (cause instanceof InvalidToken) return cause;
  const ours =
    cause instanceof errors.JWKSTimeout || cause instanceof errors.JWKSInvalid || !(cause instanceof errors.JOSEError);
  return ours || cause.code === 'ERR_JOSE_GENERIC' ? new IdentityUnavailable({ cause }) : new InvalidToken({ cause });
}
