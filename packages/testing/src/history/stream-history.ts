import type { Authorship } from './authorship.js';
import type { AppendRecord, FinalEvent, ReadRecord } from './history.js';

/** Everything that is known of one stream. */
export interface StreamHistory {
  readonly stream: string;
  readonly appends: readonly AppendRecord[];
  readonly reads: readonly ReadRecord[];
  readonly final: readonly FinalEvent[];
  readonly authorship: Authorship;
}
