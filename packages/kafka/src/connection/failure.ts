import { isNestfoldError, TransportUnavailable } from '@nestfold/core';

/** What the client threw, as what it means here: the broker did not do it now. Our own errors stay as they are. */
export function explained(error: unknown, what: string): Error {
  if (isNestfoldError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TransportUnavailable(`${what} failed: ${message}`, {}, { cause: error });
}

/** Whether the broker said that there is no such topic, or not yet. */
export function isNoTopic(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION') || isNoTopic(error.cause);
}

/** Does something with the broker. Throws `TransportUnavailable`. */
export async function orUnavailable<R>(what: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw explained(error, what);
  }
}
