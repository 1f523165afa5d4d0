/** A bug in the projections of the ledger, which a newer build mends: one for all processes, since one simulation runs at a time. */
export const curse = { holds: false };

/** What a projection with the bug does with a cursed event. */
export function suffer(): readonly never[] {
  if (curse.holds) throw new Error('Simulated: this event cannot be applied by this build.');
  return [];
}
