import {
  commandIdOf,
  CommittedEventContext,
  createMessageContext,
  runInContext,
  type EventEnvelope,
  type HandlerContext,
} from '@nestfold/core';
import type { EventHandler } from '../definition/events-handler.decorator.js';
import type { EngineContext } from '../running/engine-context.js';

/** The event's own context, and what a handler needs to be repeatable. */
class DeliveryContext extends CommittedEventContext implements HandlerContext {
  constructor(
    event: EventEnvelope,
    readonly idempotencyKey: string,
    readonly attempt: number,
  ) {
    super(event, event.version);
  }
}

/** A handler did not end in its time. Its work may still go on. */
export class HandlerTimeout extends Error {}

/** Which event goes to which handler, and for which time. */
export interface HandlerCall {
  readonly name: string;
  readonly instance: EventHandler;
  readonly event: EventEnvelope;
  readonly revived: object;
  readonly attempt: number;
}

/**
 * Calls a handler within a message context of its own, whose ids are the same at each delivery: commands and appends that it makes take
 * effect once. Throws what the handler throws, and `HandlerTimeout`.
 */
export async function callHandler(
  { environment, settings }: EngineContext,
  { name, instance, event, revived, attempt }: HandlerCall,
): Promise<void> {
  const idempotencyKey = `${name}:${event.id}`;
  const principal = `events-handler:${name}`;
  const { correlationId, actor, tenant, traceparent, custom } = event.metadata;
  const context = createMessageContext({
    messageId: commandIdOf(principal, event.type, idempotencyKey),
    messageType: principal,
    keyed: true,
    correlationId,
    causationId: event.id,
    principal,
    ...(actor && { actor }),
    ...(tenant !== undefined && { tenant }),
    ...(traceparent !== undefined && { traceparent }),
    ...(custom && { custom }),
  });
  const ended = new AbortController();
  const work = runInContext(context, async () =>
    instance.handle(revived, new DeliveryContext(event, idempotencyKey, attempt)),
  );
  const timeout = environment.sleep(settings.handlerTimeoutMs, ended.signal).then(() => {
    if (!ended.signal.aborted)
      throw new HandlerTimeout(
        `The events handler '${name}' took longer than ${settings.handlerTimeoutMs} ms for '${event.id}'.`,
      );
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    ended.abort();
    work.catch(() => undefined);
  }
}
