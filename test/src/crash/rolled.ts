import { On, Projection, writes } from '@nestfold/projections';
import { Added } from './tally.js';

/** Which builds there are. */
export type RolledVersion = 3 | 4;

/** What one version of the code made of all additions. */
export class RolledView {
  _id!: string;
  /** Of the code that made it. */
  version!: number;
  changes!: number;
  total!: number;
  /** `changes` times `version`: a document that code of two versions has written shows. */
  weight!: number;
}

const view = writes(RolledView);

function rolled(version: RolledVersion) {
  @Projection('rolled', { version, readModels: [RolledView] })
  class RolledProjection {
    @On(Added) added({ by }: Added) {
      const initial = { version, changes: 0, total: 0, weight: 0 };
      return view.increment('all', { changes: 1, total: by, weight: version }, { initial });
    }
  }
  return RolledProjection;
}

/** The same projection in two builds. */
export const RolledAt3 = rolled(3);
export const RolledAt4 = rolled(4);
