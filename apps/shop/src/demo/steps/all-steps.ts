import type { Step } from '../step.js';
import { access } from './access.step.js';
import { browse } from './browse.step.js';
import { cancel } from './cancel.step.js';
import { conflicts } from './conflicts.step.js';
import { idempotency } from './idempotency.step.js';
import { invalidInput } from './invalid-input.step.js';
import { orderLife } from './order-life.step.js';
import { rebuildEqual } from './rebuild-equal.step.js';
import { rebuildLive } from './rebuild-live.step.js';
import { rename } from './rename.step.js';
import { report } from './report.step.js';

/** What the demo shows, in its order. */
export const allSteps: readonly Step[] = [
  browse,
  orderLife,
  cancel,
  conflicts,
  invalidInput,
  idempotency,
  access,
  rename,
  report,
  rebuildLive,
  rebuildEqual,
];
