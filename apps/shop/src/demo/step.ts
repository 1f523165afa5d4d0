import type { Stage } from './stage.js';

/** One thing that the demo shows. */
export interface Step {
  readonly title: string;
  /** Throws when something is wrong; answers what is worth telling. */
  readonly run: (stage: Stage) => Promise<string>;
}
