import { setTimeout as delay } from 'node:timers/promises';

/** How long to wait for a condition, and what to say when it does not come. @internal */
export interface WaitOptions {
  /** Names the condition in the message: "Waited 5000 ms for <what>". */
  readonly what: string;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
}

/**
 * Polls until the probe gives something other than `undefined` or `false`, and returns it.
 * Throws an `Error` that names the condition when the time is over; errors of the probe pass through.
 * @internal
 */
export async function waitFor<T>(
  options: WaitOptions,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() >= deadline) throw new Error(`Waited ${options.timeoutMs} ms for ${options.what}`);
    await delay(options.intervalMs ?? 20);
  }
}
