import type { Rule } from '../../history/history.js';
import type { Scenario } from '../scenario.js';
import type { Alteration } from '../simulated-cluster.js';
import type { SimulationProfile } from '../simulation-profile.js';

/** A protection taken away, and what the runs are like in which that shows soonest. */
export interface Mutant {
  readonly name: string;
  /** Breaks the store. */
  readonly alter?: Alteration;
  /** Breaks what runs on it. */
  readonly scenario?: Scenario;
  /** The rules of which one must be broken: what the protection is there for. */
  readonly shows: readonly Rule[];
  readonly profile?: Partial<SimulationProfile>;
}
