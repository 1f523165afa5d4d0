import { randomBytes, timingSafeEqual, createHash } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { principalOf } from './claims.js';
import { developmentUsers, type DevelopmentUser } from './development-users.js';
import { InvalidToken, WrongCredentials } from './identity.errors.js';
import type { Principal } from './principal.js';
import { TokenVerifier } from './token-verifier.port.js';

const ISSUER = 'nestfold-development';
const AUDIENCE = 'shop';
const LIFETIME_SECONDS = 8 * 3600;

/** Issues and believes tokens for the users that come with the shop. For developers' machines: passwords are public. */
export class DevelopmentIssuer extends TokenVerifier {
  /** With no key given tokens end with the process. */
  constructor(
    private readonly key: Uint8Array = new Uint8Array(randomBytes(32)),
    private readonly users: readonly DevelopmentUser[] = developmentUsers,
  ) {
    super();
  }

  /** A token for the user. Throws `WrongCredentials` for an unknown user or a wrong password, without telling which. */
  async issue(email: string, password: string): Promise<string> {
    const user = this.users.find((candidate) => candidate.email === email.toLowerCase());
    const right = equal(password, user?.password ?? '');
    if (user === undefined || !right) throw new WrongCredentials();
    return new SignJWT({ roles: [...user.roles], customer_id: user.id })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(user.id)
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME_SECONDS}s`)
      .sign(this.key);
  }

  async verify(token: string): Promise<Principal> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        audience: AUDIENCE,
        maxTokenAge: LIFETIME_SECONDS,
        requiredClaims: ['sub', 'iat', 'exp'],
      });
      return principalOf(payload, protectedHeader);
    } catch (cause) {
      if (cause instanceof errors.JOSEError) throw new InvalidToken({ cause });
      throw cause;
    }
  }
}

/** Compares digests, which are of one length, in constant time. */
function equal(left: string, right: string): boolean {
  const digest = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());
  return timingSafeEqual(digest(left), digest(right));
}
