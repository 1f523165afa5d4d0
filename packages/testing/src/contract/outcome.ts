import { expect } from 'vitest';

/** How one of several racing calls ended, as a value. */
export type Outcome<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'failed'; readonly error: unknown };

/** Waits for all calls, whichever way each ends, in the order given. */
export async function outcomesOf<T>(calls: readonly Promise<T>[]): Promise<readonly Outcome<T>[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((one) =>
    one.status === 'fulfilled' ? { kind: 'done', value: one.value } : { kind: 'failed', error: one.reason as unknown },
  );
}

/** The results of the calls that went through. */
export function valuesOf<T>(outcomes: readonly Outcome<T>[]): T[] {
  return outcomes.flatMap((one) => (one.kind === 'done' ? [one.value] : []));
}

/** What the failed calls threw. */
export function errorsOf(outcomes: readonly Outcome<unknown>[]): unknown[] {
  return outcomes.flatMap((one) => (one.kind === 'failed' ? [one.error] : []));
}

/** Expects a call to be refused with an error that bears this code and these facts. */
export async function expectRefusal(call: Promise<unknown>, code: string, facts: object = {}): Promise<void> {
  await expect(call).rejects.toMatchObject({ code, ...facts });
}

/** Marks a call as awaited later, so that its rejection is not left unhandled when the case fails before. */
export function awaitedLater<T>(call: Promise<T>): Promise<T> {
  call.catch(() => undefined);
  return call;
}
