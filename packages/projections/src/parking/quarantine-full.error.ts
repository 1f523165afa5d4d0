import { hasCode, NestfoldError } from '@nestfold/core';

/** More streams failed within a minute than single poisoned events explain: that is a bug, so the projection stops instead of parking on. */
export class QuarantineFull extends NestfoldError {
  readonly code = 'quarantine.full';
  readonly retry = 'never';

  constructor(
    readonly consumer: string,
    readonly limit: number,
    cause: unknown,
  ) {
    super(
      `'${consumer}' has parked ${limit} streams within a minute: it stops, since that is no poisoned event but a bug. The last one: ${cause instanceof Error ? cause.message : String(cause)}`,
      { consumer, limit },
      { cause },
    );
  }
}

export const isQuarantineFull = (error: unknown): error is QuarantineFull => hasCode(error, 'quarantine.full');
