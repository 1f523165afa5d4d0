import type { GenerationProgress } from '@nestfold/core';
import type { Document } from 'mongodb';

/** The update that notes how far one part is, and sums up all of them; of a generation that is built only the rate. */
export function reportingUpdate({ processed, total, rate }: GenerationProgress, part: string): Document[] {
  const sum = (field: string): Document => ({
    $sum: { $map: { input: { $objectToArray: '$parts' }, in: `$$this.v.${field}` } },
  });
  const unlessBuilt = (value: unknown, otherwise: string): Document => ({
    $cond: [{ $eq: [{ $type: '$builtAt' }, 'missing'] }, value, otherwise],
  });
  return [
    { $set: { parts: { [part]: { $literal: { processed, rate } } } } },
    {
      $set: {
        progress: {
          processed: unlessBuilt(sum('processed'), '$progress.processed'),
          total: unlessBuilt({ $literal: total }, '$progress.total'),
          rate: sum('rate'),
        },
      },
    },
  ];
}
