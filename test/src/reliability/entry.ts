import type { EphemeralOptions } from '@nestfold/dev-stack';
import type { Violation } from '@nestfold/testing';
import type { Bound } from './bound.js';
import type { Stage } from './stage.js';

/** What an entry answers when it is over and all is quiet. */
export interface Outcome {
  /** How many faults were to be met: with fewer the run says nothing. */
  readonly planned: number;
  /** How many events were to be acknowledged at least: with fewer the run says nothing. */
  readonly acknowledged: number;
  /** The entry's own figures. */
  readonly figures?: Readonly<Record<string, unknown>>;
  /** Figures that must not be too large, or too small. */
  readonly bounds?: readonly Bound[];
  /** What it saw to be wrong beside what the judge finds in the end. */
  readonly violations?: readonly Violation[];
  /** Events that an operator discarded, by read model. */
  readonly without?: Readonly<Record<string, ReadonlySet<string>>>;
}

/** One entry of the battery: a fault under load, and what must hold meanwhile. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  /** Its server; default: one node. */
  readonly server?: EphemeralOptions;
  run(stage: Stage): Promise<Outcome>;
}
