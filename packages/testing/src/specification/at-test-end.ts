import { onTestFinished } from 'vitest';

/** Checks something when the running test is over, whose failure then fails that test. Outside of a test nothing is checked. */
export function atTestEnd(check: () => void | Promise<void>): void {
  try {
    onTestFinished(async () => check());
  } catch {
    // Vitest throws outside of a test, where a specification is only built (types are checked so).
  }
}
