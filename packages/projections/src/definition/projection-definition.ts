import {
  ConfigurationError,
  eventDefinitionOf,
  type Ctor,
  type EventContext,
  type EventDefinition,
  type TopicSource,
  type Type,
} from '@nestfold/core';
import { firstParameterOf } from './class-metadata.js';
import { eventProblem, eventsOf } from './event-classes.js';
import { subscriptionsOf, type Subscription } from './on.decorator.js';
import {
  projectionMetadataOf,
  type ProjectionMetadata,
  type Mode,
  type OnPoison,
  type Slicing,
} from './projection.decorator.js';
import { readModelDefinitionOf, type ReadModelDefinition } from './read-model-document.decorator.js';
import type { Write } from './write.js';

/** A document that a method needs, found by an id in the event. */
export interface PrefetchDefinition {
  readonly name: string;
  readonly model: ReadModelDefinition;
  readonly id: (event: object) => string;
}

/** A method of a projection, bound to its instance. */
export interface ProjectionHandler {
  /** `<class>.<method>`, for messages. */
  readonly method: string;
  readonly prefetch: readonly PrefetchDefinition[];
  readonly handle: (event: object, context: EventContext) => Write | readonly Write[] | undefined;
}

/** What a class with `@Projection` is to the runtime. */
export interface ProjectionDefinition {
  readonly name: string;
  readonly version: number;
  readonly slicing: Slicing;
  readonly mode: Mode;
  /** Where worker threads find the class. */
  readonly module?: string;
  readonly onPoison: OnPoison;
  /** Missing: the store's own feed. */
  readonly source?: TopicSource;
  /** Older versions that readers may see while this one is built, the newest first. */
  readonly reads: readonly number[];
  readonly readModels: readonly ReadModelDefinition[];
  readonly events: readonly EventDefinition[];
  /** The methods that subscribe to an event's stored name, in the order of their declaration. */
  readonly handlers: ReadonlyMap<string, readonly ProjectionHandler[]>;
  readonly projection: Type<object>;
}

const CONTEXT = new Set(['stream', 'version', 'eventId', 'occurredAt', 'recordedAt', 'metadata', 'commit']);
const SLICINGS: readonly unknown[] = [undefined, 'single', 'stream'];
const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Whether a class bears `@Projection`. */
export function isProjection(target: Ctor<object>): boolean {
  return projectionMetadataOf(target) !== undefined;
}

/** The definition of a projection's class. Throws one `ConfigurationError` that names the class and all that is wrong. */
export function projectionDefinitionOf(projection: Type<object>): ProjectionDefinition {
  const metadata = projectionMetadataOf(projection);
  if (metadata === undefined)
    throw new ConfigurationError(
      `${projection.name} is used as a projection but has no @Projection: add it above the class.`,
    );
  const subscriptions = subscriptionsOf(projection);
  const problems = [
    ...problemsOf(projection, metadata),
    ...subscriptions.flatMap((one) => subscriptionProblems(projection, metadata, one)),
  ];
  if (subscriptions.length === 0)
    problems.push(`${projection.name} subscribes to no event: put @On(Event) above a method.`);
  if (problems.length > 0) throw ConfigurationError.of(problems);
  const models = new Map(metadata.options.readModels.map((model) => [model, readModelDefinitionOf(model)]));
  return {
    name: metadata.name,
    version: metadata.options.version,
    slicing: metadata.options.slicing ?? 'single',
    mode: metadata.options.mode ?? 'transactional',
    ...(metadata.options.module !== undefined && { module: metadata.options.module }),
    onPoison: metadata.options.onPoison ?? 'park',
    ...(metadata.options.source && { source: metadata.options.source }),
    reads: [...(metadata.options.reads ?? [])].sort((a, b) => b - a),
    readModels: [...models.values()],
    events: eventsOf(subscriptions.flatMap(({ events }) => events)),
    handlers: handlersOf(projection, subscriptions, models),
    projection,
  };
}

function handlersOf(
  projection: Type<object>,
  subscriptions: readonly Subscription[],
  models: ReadonlyMap<Ctor<object>, ReadModelDefinition>,
): Map<string, ProjectionHandler[]> {
  const instance = new projection() as Record<
    string,
    (event: object, context: EventContext) => Write | readonly Write[] | undefined
  >;
  const handlers = new Map<string, ProjectionHandler[]>();
  for (const { method, events, prefetch } of subscriptions) {
    const handler: ProjectionHandler = {
      method: `${projection.name}.${method}`,
      // `!`, twice: that the models are the projection's was checked, and the decorator stood above this very method.
      prefetch: Object.entries(prefetch).map(([name, [model, id]]) => ({ name, model: models.get(model)!, id })),
      handle: instance[method]!.bind(instance),
    };
    for (const { name } of eventsOf(events)) handlers.set(name, [...(handlers.get(name) ?? []), handler]);
  }
  return handlers;
}

function problemsOf(projection: Ctor<object>, { name, options }: ProjectionMetadata): string[] {
  const problems: string[] = [];
  const at = `@Projection of ${projection.name}`;
  if (!NAME.test(name))
    problems.push(`${at} has the name '${name}': use letters, digits, '-' and '_', beginning with a letter.`);
  if (!Number.isSafeInteger(options.version) || options.version < 1)
    problems.push(`${at} has version ${options.version}: use a whole number from 1.`);
  for (const older of options.reads ?? []) {
    if (!Number.isSafeInteger(older) || older < 1 || older >= options.version)
      problems.push(`${at} reads version ${older}: name older versions than its own, ${options.version}, from 1 on.`);
  }
  if (options.readModels.length === 0) problems.push(`${at} lists no read model: name those that its methods write.`);
  // The type says so too; a program in JavaScript, or one that casts, gets here.
  if (!SLICINGS.includes(options.slicing))
    problems.push(`${at} has slicing '${String(options.slicing)}': it is 'single' or 'stream'.`);
  if (!['transactional', 'plain', undefined].includes(options.mode))
    problems.push(`${at} has mode '${String(options.mode)}': it is 'transactional' or 'plain'.`);
  if (options.mode === 'plain' && options.slicing === 'stream')
    problems.push(`${at} has mode 'plain' and slicing 'stream': leave out one of them.`);
  if (options.source !== undefined && options.mode === 'plain')
    problems.push(`${at} has mode 'plain' and a topic as its source: leave out one of them.`);
  if (!['park', 'halt', undefined].includes(options.onPoison))
    problems.push(`${at} has onPoison '${String(options.onPoison)}': it is 'park' or 'halt'.`);
  for (const model of options.readModels) {
    try {
      readModelDefinitionOf(model);
    } catch (error) {
      problems.push(`${at}: ${(error as Error).message}`);
    }
  }
  return problems;
}

function subscriptionProblems(
  projection: Ctor<object>,
  { options }: ProjectionMetadata,
  { method, events, prefetch }: Subscription,
): string[] {
  const at = `@On of ${projection.name}.${method}`;
  const problems = events.flatMap((event) => eventProblem(at, event));
  const declared = firstParameterOf(projection, method);
  if (
    typeof declared === 'function' &&
    isEvent(declared as Ctor<object>) &&
    !events.includes(declared as Ctor<object>)
  ) {
    problems.push(
      `${at} subscribes to ${events.map(({ name }) => name).join(', ')}, but the method takes ${declared.name}, which only looks alike: name the same class in both.`,
    );
  }
  if (options.mode === 'plain' && Object.keys(prefetch).length > 0)
    problems.push(
      `${at} asks for documents in 'with', which mode 'plain' cannot give: a batch that is repeated would find them as they became later. Use mode 'transactional'.`,
    );
  if (options.slicing === 'stream' && Object.keys(prefetch).length > 0)
    problems.push(
      `${at} asks for documents in 'with', which slicing 'stream' cannot give: another stream may be feeding them at the same time. Keep the data in the document itself, or use slicing 'single'.`,
    );
  for (const [name, [model]] of Object.entries(prefetch)) {
    if (CONTEXT.has(name))
      problems.push(
        `${at} asks for a document named '${name}', which the context holds already: give it another name in 'with'.`,
      );
    if (!options.readModels.includes(model))
      problems.push(
        `${at} asks for '${name}' of ${model.name}, which is not of this projection: add ${model.name} to readModels, or keep the data in one of them.`,
      );
  }
  return problems;
}

function isEvent(candidate: Ctor<object>): boolean {
  return eventProblem('', candidate).length === 0 && eventDefinitionOf(candidate).event === candidate;
}
