import { NestfoldError } from '@nestfold/core';
import { ForbiddenException, UnauthorizedException } from '@nestjs/common';

/** The caller gave no token, or none that counts. Why not is for the log (`cause`), not for the caller. */
export class InvalidToken extends UnauthorizedException {
  constructor(options: { readonly cause?: unknown } = {}) {
    super('A valid bearer token is needed.', options);
  }
}

/** The development issuer does not know the user, or the password is another; which of both is not told. */
export class WrongCredentials extends UnauthorizedException {
  constructor() {
    super('The e-mail address or the password is wrong.');
  }
}

/** The caller is known, but this is not for them. */
export class Forbidden extends ForbiddenException {
  constructor(message = 'This needs another role.') {
    super(message);
  }
}

/** The issuer's keys cannot be fetched. Repeat later. */
export class IdentityUnavailable extends NestfoldError {
  readonly code = 'identity.unavailable';
  readonly retry = 'later';

  constructor(options?: ErrorOptions) {
    super('The keys of the token issuer cannot be fetched at the moment.', {}, options);
  }
}
