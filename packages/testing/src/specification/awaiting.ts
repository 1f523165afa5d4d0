/** The arguments with which `await` calls a `then`. */
export type Awaiting = readonly [resolve: () => unknown, reject?: ((error: unknown) => unknown) | null];

/**
 * Whether `then` was called by `await` (a test that returns the sentence is awaited) and not by a person: only then its second
 * argument is a function or nothing.
 */
export function isAwaiting(args: readonly unknown[]): args is Awaiting {
  const [first, second] = args;
  return typeof first === 'function' && (typeof second === 'function' || second === undefined || second === null);
}
