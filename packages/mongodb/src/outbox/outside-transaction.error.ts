import { hasCode, NestfoldError } from '@nestfold/core';

/**
 * A message was given to an outbox outside of a transaction: it could be stored, and what it tells of not, or the other way round. Nothing was stored. A mistake in the
 * code, so the same again fails again.
 */
export class OutsideTransaction extends NestfoldError {
  readonly code = 'outbox.outside-transaction';
  readonly retry = 'never';

  constructor(category: string) {
    super(
      `An outbox takes a message of '${category}' in a transaction only, and this session has none: change your documents and await add inside session.withTransaction(…), both with that session.`,
      { category },
    );
  }
}

export const isOutsideTransaction = (error: unknown): error is OutsideTransaction =>
  hasCode(error, 'outbox.outside-transaction');
