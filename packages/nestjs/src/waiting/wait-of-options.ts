import { InvalidMessage, type CommandOptions } from '@nestfold/core';
import { limitProblems, projectionProblems } from './wait-problems.js';
import { WAIT_MS, type WaitRequest } from './waited.js';

/** What a command's options ask to wait for; `undefined` for nothing. Throws `InvalidMessage`. */
export function waitOf(
  message: object,
  { waitFor, waitForMs = WAIT_MS }: CommandOptions,
  known: readonly string[],
): WaitRequest | undefined {
  const projections = waitFor === undefined ? [] : [waitFor].flat();
  const problems = [
    ...(waitFor === undefined ? [] : projectionProblems(projections, known)),
    ...limitProblems(waitForMs),
  ];
  if (problems.length > 0) throw new InvalidMessage(`An option of ${message.constructor.name}`, problems);
  return waitFor === undefined ? undefined : { projections: [...new Set(projections)], timeoutMs: waitForMs };
}
