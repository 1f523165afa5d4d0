import type { Metadata } from '../event/metadata.js';

/**
 * The place and the circumstances of an event. An abstract class and not an interface, since decorated methods name it.
 * @publicApi
 */
export abstract class EventContext {
  /** The stream's name, `<category>-<id>`. */
  abstract readonly stream: string;
  /** The event's place in its stream, from 1. */
  abstract readonly version: number;
  /** `<stream>:<version>`, unique in the store. */
  abstract readonly eventId: string;
  /** When it happened, by the domain: the clock to decide by. */
  abstract readonly occurredAt: Date;
  /** The appender's clock. */
  abstract readonly recordedAt: Date;
  abstract readonly metadata: Metadata;
}

/**
 * The context of an events handler, which has side effects and is called at least once for each event.
 * @publicApi
 */
export abstract class HandlerContext extends EventContext {
  /** The same at each delivery of this event to this handler: pass it on to whatever can drop repetitions. */
  abstract readonly idempotencyKey: string;
  /** 1 at the first delivery. */
  abstract readonly attempt: number;
}

/** What the events of one commit share. */
export interface CommitCircumstances {
  readonly stream: string;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  readonly metadata: Metadata;
}

/** The context of the event at `version` of a commit, which may not be stored yet. */
export class CommittedEventContext extends EventContext {
  constructor(
    private readonly commit: CommitCircumstances,
    readonly version: number,
  ) {
    super();
  }

  get stream(): string {
    return this.commit.stream;
  }

  get eventId(): string {
    return `${this.commit.stream}:${this.version}`;
  }

  get occurredAt(): Date {
    return this.commit.occurredAt;
  }

  get recordedAt(): Date {
    return this.commit.recordedAt;
  }

  get metadata(): Metadata {
    return this.commit.metadata;
  }
}
