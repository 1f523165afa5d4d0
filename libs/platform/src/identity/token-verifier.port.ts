import type { Principal } from './principal.js';

/** Tells whether a token is genuine, and whose it is. An abstract class, so that it can be injected by its type. */
export abstract class TokenVerifier {
  /** Throws `InvalidToken`, whatever is wrong with it, and `IdentityUnavailable` when the keys cannot be fetched. */
  abstract verify(token: string): Promise<Principal>;
}
