import { setTimeout as pause } from 'node:timers/promises';
import { clock } from '../support/clock.js';
import type { Bound } from './bound.js';

const EVERY_MS = 25;
/** By so much one may differ from the other by chance: what a batch takes. */
const CHANCE_MS = 15;

/** What is counted: how much is acknowledged, and how much of it is projected. */
export interface Counted {
  readonly acknowledged: () => number;
  readonly projected: () => Promise<number>;
}

/** How long an event waited to be projected, in the mean of a while: by how many did, and how many came a second. */
export async function meanLagMs(forMs: number, { acknowledged, projected }: Counted): Promise<number> {
  const [begun, before] = [clock(), acknowledged()];
  let [sum, samples] = [0, 0];
  while (clock() < begun + forMs) {
    // Asked for first: what comes meanwhile does not count as waiting.
    const total = acknowledged();
    sum += Math.max(0, total - (await projected()));
    samples += 1;
    await pause(EVERY_MS);
  }
  const perMs = (acknowledged() - before) / (clock() - begun);
  return perMs > 0 ? Math.round(sum / samples / perMs) : 0;
}

/** That others wait no longer than a fifth more while one has trouble. */
export function noLonger(what: string, before: number, during: number): Bound {
  return { what, was: during, atMost: Math.round(Math.max(1.2 * before, before + CHANCE_MS)) };
}
