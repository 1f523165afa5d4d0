/** Who caused a message. */
export interface Actor {
  readonly id: string;
  readonly roles?: readonly string[];
}

/** What travels beside the events of a commit: never needed to fold them. */
export interface Metadata {
  /** The conversation to which the commit belongs. */
  readonly correlationId: string;
  /** The message that caused it: a command id, or the id of the event that was reacted to. */
  readonly causationId: string;
  readonly actor?: Actor;
  readonly tenant?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  /** The user's own entries. */
  readonly custom?: Readonly<Record<string, string>>;
}
