import { createHash, timingSafeEqual } from 'node:crypto';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, type JWTVerifyGetKey } from 'jose';
import type { Role } from './identity.js';
import type { TokenSource } from './token-verifier.js';

/** A user whom the development issuer knows. */
export interface DevelopmentUser {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly roles: readonly Role[];
  readonly customerId?: string;
}

const ISSUER = 'nestfold-shop-development';
const AUDIENCE = 'nestfold-shop';

/**
 * Issues tokens to seeded users, for development and tests. Its key is made at start and never leaves the process, so its
 * tokens end with it. Production has none: there an identity provider is needed.
 */
export class DevelopmentIssuer {
  private constructor(
    private readonly users: readonly DevelopmentUser[],
    private readonly privateKey: CryptoKey,
    private readonly keys: JWTVerifyGetKey,
  ) {}

  static async create(users: readonly DevelopmentUser[]): Promise<DevelopmentIssuer> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'development' }] });
    return new DevelopmentIssuer(users, privateKey, keys);
  }

  get source(): TokenSource {
    return { key: this.keys, issuer: ISSUER, audience: AUDIENCE };
  }

  /** Answers `undefined` when there is no such user, or the password is another. */
  async token(email: string, password: string): Promise<string | undefined> {
    const user = this.users.find((one) => one.email === email.toLowerCase());
    // Compared even for nobody, so that the time tells nothing.
    const right = sameText(password, user?.password ?? '');
    if (!user || !right) return undefined;
    return new SignJWT({ roles: user.roles, email: user.email, ...(user.customerId !== undefined && { customer_id: user.customerId }) })
      .setProtectedHeader({ alg: 'ES256', kid: 'development', typ: 'JWT' })
      .setSubject(user.id)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime('8h')
      .sign(this.privateKey);
  }
}

function sameText(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
