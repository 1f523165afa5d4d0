import { ConfigurationError, type Ctor, type EventDefinition, type HandlerContext } from '@nestfold/core';
import { metadataOf, writeMetadata } from './class-metadata.js';
import { eventProblem, eventsOf } from './event-classes.js';

const KEY = 'nestfold:events-handler';

/** Where a handler begins when its name is first seen; recorded then, so a later change of it does nothing. */
export type StartFrom = 'beginning' | 'now' | Date;

/** Name and start of an events handler. */
export interface EventsHandlerOptions {
  /** Stable: what was handled is remembered under it. A new name is a new handler. */
  readonly name: string;
  readonly startFrom: StartFrom;
}

/** What a class with `@EventsHandler` is to the runtime. */
export interface EventsHandlerDefinition {
  readonly name: string;
  readonly startFrom: StartFrom;
  readonly events: readonly EventDefinition[];
  readonly handler: Ctor<object>;
}

/** An instance of a class with `@EventsHandler`, dependencies injected. */
export interface EventHandler {
  handle(event: object, context: HandlerContext): Promise<void> | void;
}

/**
 * Makes a class a durable consumer of events: here side effects live. Each event is delivered at least once, in the order of
 * its stream, by one process at a time; a failing one is tried again, then its stream is parked behind it (a dead letter, tried again with growing
 * pauses and on request), and other streams go on. Where the failure passes by itself (`retry: 'later'`), all wait for it.
 * Pass `context.idempotencyKey` on, since a crash may repeat the last events.
 *
 * @example `@EventsHandler(OrderPlaced, { name: 'order-mails', startFrom: 'now' })`
 * @publicApi
 */
export function EventsHandler<const E extends readonly Ctor<object>[]>(
  ...args: [...events: E, options: EventsHandlerOptions]
): <
  // `any`: dependencies of every kind are injected.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  H extends abstract new (...args: any[]) => {
    handle: (event: InstanceType<E[number]>, context: HandlerContext) => Promise<void> | void;
  },
>(
  target: H,
) => void {
  const events = args.slice(0, -1) as readonly Ctor<object>[];
  const options = args.at(-1) as EventsHandlerOptions;
  return (target) => writeMetadata(target, KEY, { events, options });
}

const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Whether a class bears `@EventsHandler`. */
export function isEventsHandler(target: Ctor<object>): boolean {
  return metadataOf(target, KEY) !== undefined;
}

/** The definition of an events handler's class. Throws one `ConfigurationError` that names the class and all that is wrong. */
export function eventsHandlerDefinitionOf(target: Ctor<object>): EventsHandlerDefinition {
  const metadata = metadataOf<{ events: readonly Ctor<object>[]; options: EventsHandlerOptions }>(target, KEY);
  if (metadata === undefined)
    throw new ConfigurationError(
      `${target.name} is used as an events handler but has no @EventsHandler: add it above the class.`,
    );
  const { events, options } = metadata;
  const problems: string[] = [];
  if (!NAME.test(options.name))
    problems.push(`${target.name} is named '${options.name}': use letters, digits, '-' and '_' in @EventsHandler.`);
  if (events.length === 0) problems.push(`${target.name} handles no event: list at least one in @EventsHandler.`);
  if (options.startFrom instanceof Date && Number.isNaN(options.startFrom.getTime()))
    problems.push(
      `${target.name} starts from an invalid date: give a valid one, 'now' or 'beginning' in @EventsHandler.`,
    );
  for (const event of events) problems.push(...eventProblem(`@EventsHandler of ${target.name}`, event));
  if (problems.length > 0) throw ConfigurationError.of(problems);
  return { name: options.name, startFrom: options.startFrom, events: eventsOf(events), handler: target };
}
