import { isCarried, type Commit, type TopicDefinition } from '@nestfold/core';
import { withCommit, type Delivery } from '../following/delivery.js';

/** What of a stretch goes through a topic, as it is to stand there; with a failure it ends before the commit that cannot be told. */
export interface Carried {
  readonly carried: readonly Delivery[];
  readonly failure?: Error;
}

/** What a relay sends of what it was delivered. */
export function carriedOf(
  deliveries: readonly Delivery[],
  topic: TopicDefinition,
  told: (commit: Commit) => Commit,
): Carried {
  const carried: Delivery[] = [];
  for (const delivery of deliveries) {
    if (!isCarried(delivery.commit.stream, topic)) continue;
    try {
      carried.push(withCommit(delivery, told(delivery.commit)));
    } catch (cause) {
      // Nothing else is thrown by `publishedCommit`; what a listener throws may be anything.
      return { carried, failure: cause instanceof Error ? cause : new Error(String(cause), { cause }) };
    }
  }
  return { carried };
}
