import { On, Projection, writes } from '@nestfold/projections';
import { Added, digested } from './tally.js';

/** Additions that the cursed projection cannot apply: never while the curse holds, and only at the third try. */
export const CURSED = -13;
export const STUBBORN = -7;

/** Holds in this process until the code is mended. */
export const curse = { holds: true };

/** One tally, as read by code with a fault. */
export class CursedView {
  _id!: string;
  total!: number;
  changes!: number;
  digest!: number;
}

const view = writes(CursedView);
const tries = new Map<string, number>();

/** Fails over some additions. */
@Projection('cursed-tallies', { version: 1, readModels: [CursedView] })
export class CursedProjection {
  @On(Added) added({ tallyId, by, ref }: Added) {
    if (by === CURSED && curse.holds) throw new Error('cursed');
    const tried = (tries.get(ref) ?? 0) + 1;
    if (by === STUBBORN) tries.set(ref, tried);
    if (by === STUBBORN && tried < 3) throw new Error(`stubborn at try ${tried}`);
    return view.reduce(tallyId, (document) => ({
      total: (document?.total ?? 0) + by,
      changes: (document?.changes ?? 0) + 1,
      digest: digested(document?.digest ?? 0, by),
    }));
  }
}
