/** Waits for a promise, but not longer than until the signal; answers `undefined` then, and nobody hears of the promise's later error. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  void heard(promise);
  if (signal.aborted) return undefined;
  let end: (() => void) | undefined;
  const aborted = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined);
    signal.addEventListener('abort', end, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (end !== undefined) signal.removeEventListener('abort', end);
  }
}

/** A promise whose failure may be looked at later, or never. */
export function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
