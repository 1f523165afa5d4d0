import type { Violation } from '@nestfold/testing';
import type { Outcome } from './entry.js';

/** A figure and how large or small it may be. Without a value, or when it is no number, it does not hold. */
export interface Bound {
  readonly what: string;
  readonly was: number | null | undefined;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** What is wrong: by a rule of the judge, or by a figure's bound. */
export type Finding = Violation | (Omit<Violation, 'rule'> & { readonly rule: 'bound' });

/** The bounds that do not hold. */
export function brokenBounds({ bounds = [] }: Outcome): Finding[] {
  return bounds.flatMap(({ what, was, atMost = Infinity, atLeast = -Infinity }): Finding[] => {
    if (typeof was === 'number' && was <= atMost && was >= atLeast) return [];
    const limits = [
      ...(atLeast > -Infinity ? [`at least ${atLeast}`] : []),
      ...(atMost < Infinity ? [`at most ${atMost}`] : []),
    ];
    return [{ rule: 'bound', subject: what, message: `${what} is ${String(was)}, not ${limits.join(' and ')}` }];
  });
}
