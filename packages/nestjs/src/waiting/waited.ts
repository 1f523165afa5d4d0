import type { NotAppliedReason } from '@nestfold/core';
import type { ProjectionEngine, WaitOutcome, WaitTarget } from '@nestfold/projections';

/** What is to be waited for. */
export interface WaitRequest {
  readonly projections: readonly string[];
  readonly timeoutMs: number;
}

/** What came of it, as it stands in a receipt. */
export type Waited = { readonly applied: true } | { readonly applied: false; readonly reason: NotAppliedReason };

/** How long is waited where nothing is said, in milliseconds. */
export const WAIT_MS = 2_000;

/** The longest wait that may be asked for, in milliseconds. */
export const LONGEST_WAIT_MS = 30_000;

/** What waiting longer would not change comes first. */
const GRAVEST: readonly NotAppliedReason[] = ['unknown', 'parked', 'stopped', 'paused', 'timeout'];

/** Waits until all of the projections have applied all of the commits: all at once, so that the limit holds for them together. */
export async function waited(
  engine: ProjectionEngine,
  { projections, timeoutMs }: WaitRequest,
  commits: readonly WaitTarget[],
): Promise<Waited> {
  const outcomes = await Promise.all(
    projections.flatMap((name) => commits.map((commit) => engine.waitFor(name, commit, { timeoutMs }))),
  );
  const reasons = outcomes.map(reasonOf);
  const reason = GRAVEST.find((one) => reasons.includes(one));
  return reason === undefined ? { applied: true } : { applied: false, reason };
}

function reasonOf(outcome: WaitOutcome): NotAppliedReason | undefined {
  return outcome.applied ? undefined : outcome.reason;
}
