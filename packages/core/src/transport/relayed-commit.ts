import type { Commit } from '../event/event.js';
import type { StoreTime } from '../feed/store-time.js';

/** What a relay says of itself with each commit that it sends. */
export interface RelayMark {
  /** Names the store since its creation or last restore. */
  readonly epoch: string;
  /**
   * Rises whenever a relay takes over, and whenever it sends a batch again: whoever sent with the higher one has sent everything since that is not
   * acknowledged, so what comes behind it with a lower one is a ghost's.
   */
  readonly token: number;
  /** Everything older has been sent for good: no relay sends it again. Missing until a relay has sent all history. */
  readonly floor?: StoreTime;
  /** Everything that was visible before was sent before. Missing while history is sent, which comes in another order. */
  readonly time?: StoreTime;
}

/** A commit on its way. */
export interface RelayedCommit {
  readonly commit: Commit;
  readonly relay: RelayMark;
}

/** A message as a topic holds it: the commit, or why it is none. */
export type TopicMessage = (
  { readonly offset: number; readonly relayed: RelayedCommit } | { readonly offset: number; readonly problem: string }
) & {
  /** As the transport got it, to be handed back where it is refused. */
  readonly raw?: unknown;
};
