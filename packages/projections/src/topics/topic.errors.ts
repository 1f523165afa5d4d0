import { NestfoldError } from '@nestfold/core';

/** The store behind a topic was restored from a backup since: what was read before may not have happened any more. Rebuild. */
export class SourceRestored extends NestfoldError {
  readonly code = 'topic.source-restored';
  readonly retry = 'never';

  constructor(topic: string, before: string, now: string) {
    super(
      `The store whose commits the topic '${topic}' carries was restored from a backup (epoch ${before} became ${now}): make the topic anew, let the relay fill it, and rebuild the projection.`,
      { topic, before, now },
    );
  }
}
