import type { BatchLimits } from './batch-source.js';

const FIRST_DOCUMENTS = 4_000;
/** Far below what a transaction may take, so that a batch in flight keeps nobody waiting. */
const GOOD_MS = 1_500;
const SLOW_MS = 4_000;

/**
 * How large the batches are where much is waiting: the more events a batch folds, the less is written, but its transaction is to stay short. So they
 * grow while the store is quick, and shrink when it is not or the documents are large.
 */
export class BatchPace implements BatchLimits {
  private documents: number;

  constructor(private readonly limits: BatchLimits) {
    this.documents = Math.min(FIRST_DOCUMENTS, limits.historyDocuments);
  }

  get liveEvents(): number {
    return this.limits.liveEvents;
  }

  get historyEvents(): number {
    return this.limits.historyEvents;
  }

  get batchBytes(): number {
    return this.limits.batchBytes;
  }

  get historyDocuments(): number {
    return this.documents;
  }

  /** A batch of so many documents took so long to write. */
  note(documents: number, milliseconds: number): void {
    if (milliseconds > SLOW_MS) this.documents = Math.max(50, Math.floor(Math.min(this.documents, documents) / 2));
    else if (milliseconds < GOOD_MS && documents >= this.documents)
      this.documents = Math.min(2 * this.documents, this.limits.historyDocuments);
  }
}
