import type {
  Environment,
  EventTypes,
  Logger,
  NodeDescription,
  StoreConnection,
  TransportConnection,
} from '@nestfold/core';
import type { EventHandler, EventsHandlerDefinition } from '../definition/events-handler.decorator.js';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import type { PublicationDefinition } from '../publishing/publication-definition.js';
import type { EngineSettings } from './engine-settings.js';

/** An events handler and the instance that does its work. */
export interface RegisteredHandler {
  readonly definition: EventsHandlerDefinition;
  readonly instance: EventHandler;
}

/**
 * What this process says of itself; what it has compiled is added by the engine. Of the `roles`, `'projections'` makes the engine feed read
 * models, `'handlers'` makes it run events handlers, and `'relay'` makes it fill the topics of the transport; without them it reads and reports only.
 */
export type EngineNode = Omit<NodeDescription, 'projections' | 'events'>;

/** What a `ProjectionEngine` is made of. */
export interface ProjectionEngineOptions {
  readonly connection: StoreConnection;
  readonly projections: readonly ProjectionDefinition[];
  readonly handlers: readonly RegisteredHandler[];
  readonly types: EventTypes;
  readonly environment: Environment;
  readonly logger: Logger;
  readonly node: EngineNode;
  /** What carries commits to other services; with the role `'relay'` its topics are filled, and projections whose source is a topic read them. */
  readonly transport?: TransportConnection;
  /** What topics tell instead of the stored events. Topics without one carry those as they are. */
  readonly publications?: readonly PublicationDefinition[];
  /** Over `defaultSettings`. */
  readonly settings?: Partial<EngineSettings>;
}
