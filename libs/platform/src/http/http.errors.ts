import { NestfoldError } from '@nestfold/core';

/** What is wrong with a request before anybody looks at its fields; `status` is what body parsers answer for it. */
export class UnfitBody extends NestfoldError {
  readonly code = 'body.unfit';
  readonly retry = 'never';

  constructor(
    message: string,
    readonly status: 400 | 415 = 400,
  ) {
    super(message);
  }
}
