import type { Ctor } from '@nestfold/core';
import { TallyTrailProjection } from '../load/tally-trail.js';
import { CursedProjection } from './cursed-tally.js';
import { RolledAt3, RolledAt4 } from './rolled.js';
import { TallyProjection } from './tally.js';

/** The projections that a worker may run, by their names. */
export const PROJECTIONS = {
  tallies: TallyProjection,
  'tally-trails': TallyTrailProjection,
  'cursed-tallies': CursedProjection,
  'rolled@3': RolledAt3,
  'rolled@4': RolledAt4,
} satisfies Record<string, Ctor<object>>;

/** A name of one. */
export type ProjectionName = keyof typeof PROJECTIONS;
