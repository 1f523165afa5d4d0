import { hasCode, NestfoldError } from './nestfold.error.js';

/** The broker does not answer, or could not do it now. The same again may succeed; what was to be published may be there already, wholly or in part. */
export class TransportUnavailable extends NestfoldError {
  readonly code = 'transport.unavailable';
  readonly retry = 'later';
}

/** The topic does not hold the messages any more that a consumer needs: retention has cut them. Build its read models from the store. */
export class TopicCut extends NestfoldError {
  readonly code = 'topic.cut';
  readonly retry = 'never';

  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly needed: number,
    readonly earliest: number,
  ) {
    super(
      `Partition ${partition} of the topic '${topic}' begins at offset ${earliest}, but what stands at ${needed} is needed: retention has cut it. Keep messages for ever, and make the topic anew for the relay to fill, or let the projection read the store.`,
      { topic, partition, needed, earliest },
    );
  }
}

/** The topic ends before the place that a consumer has reached: it was deleted and made again. Raise the projection's version, which builds it anew. */
export class TopicReplaced extends NestfoldError {
  readonly code = 'topic.replaced';
  readonly retry = 'never';

  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly reached: number,
    readonly end: number,
  ) {
    super(
      `Partition ${partition} of the topic '${topic}' ends at offset ${end}, but everything before ${reached} was read from it: it is not the same topic any more. Rebuild the projection.`,
      { topic, partition, reached, end },
    );
  }
}

export const isTransportUnavailable = (error: unknown): error is TransportUnavailable =>
  hasCode(error, 'transport.unavailable');
export const isTopicCut = (error: unknown): error is TopicCut => hasCode(error, 'topic.cut');
export const isTopicReplaced = (error: unknown): error is TopicReplaced => hasCode(error, 'topic.replaced');
