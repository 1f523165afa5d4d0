import { isDeepStrictEqual } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './shop-client.js';

/** Something did not go as it should. */
export class WrongStep extends Error {}

const PATIENCE_MS = 10_000;
const PAUSE_MS = 10;

/** Throws `WrongStep` unless something holds. */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new WrongStep(what);
}

/** Throws `WrongStep` unless both are deeply equal. */
export function mustEqual(actual: unknown, expected: unknown, what: string): void {
  must(isDeepStrictEqual(actual, expected), `${what}: expected ${short(expected)}, got ${short(actual)}`);
}

/** The answer's body. Throws `WrongStep` unless it came with a status, and for problems with a code. */
export function mustAnswer<T>(answer: Answer<T>, status: number, code?: string): T {
  const { status: actual, body } = answer;
  must(actual === status, `expected status ${status}, got ${actual}: ${short(body)}`);
  if (code !== undefined) mustEqual((body as { code?: unknown }).code, code, 'the code of the problem');
  return body;
}

/** Asks until something comes; read models follow within moments. Throws `WrongStep` after 10 s. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    must(Date.now() < deadline, `${what} did not come within ${PATIENCE_MS / 1_000} s`);
    await pause(PAUSE_MS);
  }
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
