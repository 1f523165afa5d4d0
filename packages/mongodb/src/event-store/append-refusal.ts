import { InvalidEvent, StoreUnavailable, type StreamName } from '@nestfold/core';

/** Unauthorized, authentication failed, not a collection: nothing that another commit would change. */
const STORE_REFUSES: ReadonlySet<unknown> = new Set([13, 14, 18, 20, 26, 73, 166]);

/** What a caller is told whose commit the database refused for good. */
export function refusalOf(stream: StreamName, cause: unknown): InvalidEvent | StoreUnavailable {
  const { code, message, errmsg } = (cause ?? {}) as {
    readonly code?: unknown;
    readonly message?: string;
    readonly errmsg?: string;
  };
  const reason = message ?? errmsg ?? String(cause);
  if (STORE_REFUSES.has(code)) {
    return new StoreUnavailable(
      `The database refuses appends (${reason}). Check the rights of its user.`,
      { stream },
      { cause },
    );
  }
  return new InvalidEvent(`The database refuses a commit for '${stream}' (${reason}).`, { stream }, { cause });
}
