import type { Rule } from '../../history/history.js';
import type { Alteration } from '../simulated-cluster.js';
import type { SimulationProfile } from '../simulation-profile.js';

/** A protection taken away, and what the runs are like in which that shows soonest. */
export interface Mutant {
  readonly name: string;
  readonly alter: Alteration;
  /** The rules of which one must be broken: what the protection is there for. */
  readonly shows: readonly Rule[];
  readonly profile?: Partial<SimulationProfile>;
}
