import type { Actor, Metadata } from '../event/metadata.js';
import { commitIdOf, labelledIdOf } from '../identity/message-identity.js';
import type { StatedVersion } from '../stream/expected-version.js';
import type { StreamName } from '../stream/stream-name.js';

/** What is known of a message before it is handled. */
export interface MessageDescription {
  /** A UUID: `commandIdOf(…)` where the caller sent a key, else a fresh one. */
  readonly messageId: string;
  /** The command's stable name, or what else is being handled. */
  readonly messageType: string;
  /** Whether the caller's own key stands behind the id; default false. */
  readonly keyed?: boolean;
  /** `bodyHashOf` the message, where it is keyed. */
  readonly bodyHash?: string;
  /** The conversation; defaults to the message's id. */
  readonly correlationId?: string;
  /** What commits name as their cause: the message itself by default; an events handler names the event that it reacts to. */
  readonly causationId?: string;
  readonly actor?: Actor;
  readonly tenant?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  readonly custom?: Readonly<Record<string, string>>;
  /** The version at which the caller saw the aggregate (`If-Match`): it guards the first write of the handling. */
  readonly expected?: StatedVersion;
  /** On whose behalf keys count; defaults to the actor's id, or `anonymous`. */
  readonly principal?: string;
}

/**
 * The handling of one message, from its arrival to its answer. Everything that it derives is the same when the message
 * is handled again, provided that the handler asks in the same order. One context is for one handling: to handle the message again, make another.
 * @publicApi
 */
export interface MessageContext extends Omit<
  MessageDescription,
  'keyed' | 'correlationId' | 'causationId' | 'principal'
> {
  readonly keyed: boolean;
  readonly correlationId: string;
  readonly causationId: string;
  readonly principal: string;
  /** An id for something that the handler makes; never random, so that a repetition makes the same. */
  newId(label: string): string;
  /** The commit id of the handling's next append to a stream: each call takes the next ordinal of that stream. */
  commitIdFor(stream: StreamName): string;
  /** `expected`, at the first call; repositories call it at each write. */
  takeExpected(): StatedVersion | undefined;
}

/** Begins the handling of a message. Throws `RangeError` at the first derived id when `messageId` is no UUID. */
export function createMessageContext(message: MessageDescription): MessageContext {
  const ordinals = new Map<StreamName, number>();
  let { expected } = message;
  return {
    ...message,
    keyed: message.keyed ?? false,
    correlationId: message.correlationId ?? message.messageId,
    causationId: message.causationId ?? message.messageId,
    principal: message.principal ?? message.actor?.id ?? 'anonymous',
    newId: (label) => labelledIdOf(message.messageId, label),
    commitIdFor: (stream) => {
      const ordinal = ordinals.get(stream) ?? 0;
      ordinals.set(stream, ordinal + 1);
      return commitIdOf(message.messageId, stream, ordinal);
    },
    takeExpected: () => {
      const taken = expected;
      expected = undefined;
      return taken;
    },
  };
}

/** What a commit made while handling a message carries beside its events. */
export function metadataOf(context: MessageContext): Metadata {
  const { correlationId, causationId, actor, tenant, traceparent, custom } = context;
  return {
    correlationId,
    causationId,
    ...(actor !== undefined && { actor }),
    ...(tenant !== undefined && { tenant }),
    ...(traceparent !== undefined && { traceparent }),
    ...(custom !== undefined && { custom }),
  };
}
