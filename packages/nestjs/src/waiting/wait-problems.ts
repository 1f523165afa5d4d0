import { LONGEST_WAIT_MS } from './waited.js';

/** One thing that is wrong. */
export interface WaitProblem {
  readonly path: string;
  readonly message: string;
}

/** What is wrong with the projections that somebody asks to wait for. */
export function projectionProblems(names: readonly string[], known: readonly string[]): WaitProblem[] {
  const path = 'waitFor';
  if (names.length === 0) return [{ path, message: 'waitFor must name a projection' }];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return [];
  const choice = known.length === 0 ? 'there is none' : `there are ${known.join(', ')}`;
  return [{ path, message: `waitFor must name projections: ${choice}` }];
}

/** What is wrong with a limit. */
export function limitProblems(milliseconds: unknown): WaitProblem[] {
  const fits =
    Number.isInteger(milliseconds) && (milliseconds as number) >= 0 && (milliseconds as number) <= LONGEST_WAIT_MS;
  const message = `waitForMs must be a whole number of milliseconds from 0 to ${LONGEST_WAIT_MS}`;
  return fits ? [] : [{ path: 'waitForMs', message }];
}
