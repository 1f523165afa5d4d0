import { NestfoldError } from '@nestfold/core';

/** The store behind a topic was restored from a backup since, or the topic was deleted and filled anew: what was read before may not have happened any more, or stands elsewhere. Rebuild. */
export class SourceRestored extends NestfoldError {
  readonly code = 'topic.source-restored';
  readonly retry = 'never';

  constructor(topic: string, before: string, now: string) {
    super(
      `The topic '${topic}' carries other commits than those that were read from it (epoch ${before} became ${now}): its store was restored from a backup, then delete the topic and let the relay make and fill it anew; or that was done already. Rebuild the projection.`,
      { topic, before, now },
    );
  }
}
