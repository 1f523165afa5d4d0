import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a condition and answers what it gave; fails after the limit, saying what was waited for. */
export async function until<T>(what: string, condition: () => Promise<T>, limitMs = 30_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== null && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${limitMs} ms in vain for ${what}.`);
    await pause(20);
  }
}
