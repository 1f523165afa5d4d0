import type { Actor } from '../event/metadata.js';

/** What may be said with a message. Whatever is left out comes from the surrounding context: the request or the message being handled. */
export interface MessageOptions {
  /** Who wishes it. */
  readonly actor?: Actor;
  /** On whose behalf keys count; the actor's id by default. */
  readonly principal?: string;
  readonly tenant?: string;
  /** The conversation; 1 to 200 characters. */
  readonly correlationId?: string;
  /** The message that caused this one. */
  readonly causationId?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  readonly custom?: Readonly<Record<string, string>>;
}

/** What may be said with a command. */
export interface CommandOptions extends MessageOptions {
  /** The caller's own key, 1 to 200 characters: the command takes effect once for each principal, type and key. */
  readonly key?: string;
  /**
   * The version at which the caller saw the aggregate. It guards the first write of the handling, which throws
   * `StreamConflict` when the stream is elsewhere.
   */
  readonly expectedVersion?: number;
  /**
   * Projections that are to have applied all that the command wrote before its receipt is answered, which says then whether they have (`applied`). Only
   * for those which read at once what they wrote: the command has taken effect either way. Throws `InvalidMessage` for an unknown one, and does nothing then.
   */
  readonly waitFor?: string | readonly string[];
  /** The longest wait, 0 to 30,000 milliseconds. Default 2,000. */
  readonly waitForMs?: number;
}
