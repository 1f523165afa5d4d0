import type { Bound } from './bound.js';
import type { Outcome } from './entry.js';
import { inSeconds } from './line.js';

/** What was seen of a topic whose broker could not be reached for a time, under a load with a judge of its own. Times are milliseconds. */
interface TopicSeen {
  readonly written: number;
  readonly failed: number;
  readonly longest: number;
  readonly drained: number;
  readonly wrong: readonly string[];
}

/** A command that takes longer than this, in seconds, has waited for something that it need not wait for. */
const LONGEST_S = 5;

/** What an entry answers of it: no append fails or waits, all is read again in time (in seconds), and topic and read models are as the store is. */
export function topicOutcome(
  planned: number,
  catchUpS: number,
  { written, failed, longest, drained, wrong }: TopicSeen,
  own: { readonly bounds: readonly Bound[]; readonly figures: Readonly<Record<string, unknown>> },
): Outcome {
  const caughtUp = inSeconds(drained);
  return {
    planned,
    acknowledged: 0,
    violations: wrong.map((message) => ({ rule: 'read-model-equals-fold', subject: 'topic', message })),
    bounds: [
      { what: 'failed', was: failed, atMost: 0 },
      { what: 'longest_cmd_s', was: inSeconds(longest), atMost: LONGEST_S },
      { what: 'catch_up_s', was: caughtUp, atMost: catchUpS },
      ...own.bounds,
    ],
    figures: { acked: written, failed, catch_up_s: caughtUp, ...own.figures },
  };
}
