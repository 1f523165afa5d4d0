import { uuidV5 } from '../identity/uuid.js';
import type { StreamName } from '../stream/stream-name.js';

/** Why an event could not be applied. */
export interface ParkedError {
  readonly code: string;
  /** At most 2,000 characters of it. */
  readonly message: string;
  /** `<stream>:<version>` of the event that failed. */
  readonly event: string;
  readonly type?: string;
  /** `<class>.<method>` that was applying it. */
  readonly method?: string;
}

/** One failure of a stream's first waiting event, when it was parked and at each redrive. */
export interface ParkedAttempt {
  readonly at: Date;
  readonly error: ParkedError;
  /** Who asked for the redrive; missing for the failure that parked the stream. */
  readonly by?: string;
}

/** What an operator asks of a parked stream: try again, or leave out the event that fails and go on behind it. */
export interface ParkedRequest {
  /** A fresh UUID: an answer to one request is no answer to the next. */
  readonly id: string;
  readonly kind: 'retry' | 'discard';
  readonly by: string;
  readonly at: Date;
  /** The failing event that the operator saw: of a discard, the only one that is left out. */
  readonly event: string;
}

/**
 * A stream that one consumer holds back behind an event that failed: a dead letter, and its place in the order. The events are not copied,
 * they are read from the store. Only the owner of partition `key` moves it, in its own fenced batches.
 */
export interface ParkedStream {
  /** `parkedStreamId(consumer, stream)`. */
  readonly id: string;
  /** The id of the generation, or `handler:<name>`. */
  readonly consumer: string;
  /** The projection's or the handler's name. */
  readonly name: string;
  readonly stream: StreamName;
  /** The key of the partition whose owner executes requests. */
  readonly key: string;
  /** Applied up to this version. */
  readonly applied: number;
  /** Delivered up to this version: what waits is `applied + 1` to `seen`. */
  readonly seen: number;
  readonly error: ParkedError;
  /** How often the event that fails now has failed. */
  readonly attempts: number;
  /** The first failure, and the latest nine. */
  readonly history: readonly ParkedAttempt[];
  /** Since when it is parked. */
  readonly at: Date;
  readonly request?: ParkedRequest;
}

const NAMESPACE = '4f1b7c9e-52a6-5d0b-9d5e-6a1f0c3b7e21';

/** The id of a parked stream: the same from every process. */
export function parkedStreamId(consumer: string, stream: StreamName): string {
  return uuidV5(NAMESPACE, `${consumer}/${stream}`);
}
