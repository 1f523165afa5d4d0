import type { Generation, LoadRange, ProgressPart } from '../generation/generation.js';

/** A range of a load after a report: it never goes back. */
export const advanced = (range: LoadRange, { processed, done }: Pick<LoadRange, 'processed' | 'done'>): LoadRange => ({
  ...range,
  processed: Math.max(range.processed, processed),
  done: range.done || done,
});

/** What the parts of a generation come to together. */
export const sumOf = (parts: NonNullable<Generation['parts']>, field: keyof ProgressPart): number =>
  Object.values(parts).reduce((sum, part) => sum + part[field], 0);
