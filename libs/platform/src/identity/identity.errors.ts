import { NestfoldError } from '@nestfold/core';

/** The caller gave no token, or none that counts. Why not is for the log, not for the caller. */
export class InvalidToken extends NestfoldError {
  readonly code = 'auth.invalid-token';
  readonly retry = 'never';

  constructor(options?: ErrorOptions) {
    super('A valid bearer token is needed.', {}, options);
  }
}

/** The issuer's keys cannot be fetched. Repeat later. */
export class IdentityUnavailable extends NestfoldError {
  readonly code = 'auth.unavailable';
  readonly retry = 'later';

  constructor(options?: ErrorOptions) {
    super('The keys of the token issuer cannot be fetched at the moment.', {}, options);
  }
}

/** The caller is known, but this is not for them. */
export class Forbidden extends NestfoldError {
  readonly code = 'auth.forbidden';
  readonly retry = 'never';

  constructor(message = 'This needs another role.') {
    super(message);
  }
}
