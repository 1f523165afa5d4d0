import { aggregatePart } from './aggregate.part.js';
import { commandPart } from './command.part.js';
import { contextPart } from './context.part.js';
import { eventPart } from './event.part.js';
import { eventsHandlerPart } from './events-handler.part.js';
import { projectionPart } from './projection.part.js';
import { queryPart } from './query.part.js';

/** What can be generated, by its kind. */
export const PARTS = {
  context: contextPart,
  aggregate: aggregatePart,
  command: commandPart,
  event: eventPart,
  query: queryPart,
  projection: projectionPart,
  'events-handler': eventsHandlerPart,
} as const;

/** A kind of part that can be generated. */
export type PartKind = keyof typeof PARTS;

/** All kinds, in the order in which they are told. */
export const PART_KINDS = Object.keys(PARTS) as readonly PartKind[];
