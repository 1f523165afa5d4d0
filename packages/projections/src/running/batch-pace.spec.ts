import { describe, expect, it } from 'vitest';
import { BatchPace } from './batch-pace.js';

describe('BatchPace', () => {
  it('grows while full batches are written quickly, up to the limit, and shrinks when they are not', () => {
    const pace = new BatchPace({ liveEvents: 1, historyEvents: 2, historyDocuments: 10_000, batchBytes: 1 });
    const sizes = [
      [4_000, 50],
      [8_000, 50],
      [10_000, 3_000],
      [10_000, 5_000],
      [100, 50],
      [5_000, 100],
    ].map(([documents, ms]) => {
      pace.note(documents ?? 0, ms ?? 0);
      return pace.historyDocuments;
    });
    // The one of a hundred documents says nothing: it was not full.
    expect(sizes).toEqual([8_000, 10_000, 10_000, 5_000, 5_000, 10_000]);
  });
});
