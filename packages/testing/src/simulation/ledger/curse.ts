/** A bug in the projections and handlers of the ledger, which a newer build mends: one for all processes, since one simulation runs at a time. */
export const curse = { holds: false };

/** What a projection with the bug does with a cursed event. */
export function suffer(): readonly never[] {
  if (curse.holds) throw new Error('Simulated: this event cannot be applied by this build.');
  return [];
}

/** And a handler, with some of its events. */
export function stumble(version: number): void {
  if (curse.holds && version % 3 === 0) throw new Error('Simulated: this event cannot be handled by this build.');
}
