import type { Ctor, Type } from '../data/type.js';
import { ConfigurationError } from '../error/configuration.error.js';
import { findEventDefinition, type EventDefinition } from '../event/domain-event.decorator.js';
import type { EventContext } from '../context/event-context.js';
import { aggregateDeclarationOf, type AggregateDeclaration } from './aggregate.decorator.js';
import { aggregateProblems } from './aggregate-problems.js';
import { applierDeclarationsOf, type ApplierDeclaration } from './apply.decorator.js';
import { handleDeclarationsOf, type HandleDefinition } from './handle.decorator.js';
import { snapshotRevisionOf } from './snapshot-revision.js';

/** How one type of event is folded. */
export interface FoldStep {
  readonly definition: EventDefinition;
  /** Missing where the event changes nothing. */
  readonly apply?: (this: object, event: object, context?: EventContext) => unknown;
  /** False where the method takes no context, so that none need be made. */
  readonly takesContext: boolean;
}

/** A checked aggregate class, as repositories, buses and tests use it. */
export interface AggregateDefinition<A = object> {
  readonly category: string;
  readonly aggregate: Type<A>;
  readonly state: Type<object>;
  readonly events: readonly Ctor<object>[];
  /** The method that applies each event, by the event's class. */
  readonly appliers: ReadonlyMap<Ctor<object>, string | symbol>;
  readonly handles: readonly HandleDefinition[];
  readonly snapshotEvery?: number;
  /** Keys the snapshots: it changes with the declared revision, the state's fields, and the events with their versions. */
  readonly snapshotRevision: number;
  /** The fold, by the events' stored names. */
  readonly steps: ReadonlyMap<string, FoldStep>;
}

const definitions = new WeakMap<object, AggregateDefinition<never>>();

/**
 * The definition of an aggregate class, checked once. Throws one `ConfigurationError` that lists everything wrong: no
 * `@Aggregate`, an unfit category, an event without `@DomainEvent`, two events of one name, an `@Apply` or `@Handle` that is
 * doubled, asynchronous, for an unlisted event, or whose parameter is of another class.
 */
export function aggregateDefinitionOf<A>(aggregate: Ctor<A>): AggregateDefinition<A> {
  const known = definitions.get(aggregate);
  if (known !== undefined) return known;
  const type = aggregate as unknown as Type<A & object>;
  const declaration = aggregateDeclarationOf(type);
  if (declaration === undefined) {
    throw new ConfigurationError(
      `${aggregate.name} is used as an aggregate but has no @Aggregate: add @Aggregate('<category>', { state: …, events: […] }) above the class.`,
    );
  }
  const appliers = applierDeclarationsOf(type);
  const handles = handleDeclarationsOf(type);
  const problems = aggregateProblems(type, declaration, appliers, handles);
  if (problems.length > 0) throw ConfigurationError.of(problems);
  const definition = define(type, declaration, appliers, handles);
  definitions.set(aggregate, definition as unknown as AggregateDefinition<never>);
  return definition;
}

function define<A extends object>(
  aggregate: Type<A>,
  declaration: AggregateDeclaration,
  applierList: readonly ApplierDeclaration[],
  handles: readonly HandleDefinition[],
): AggregateDefinition<A> {
  const { category, state, snapshotEvery, stateRevision = 1 } = declaration;
  const events = [...new Set(declaration.events)];
  const appliers = new Map(applierList.map(({ event, method }) => [event, method]));
  const known = events.map((event) => findEventDefinition(event)).filter((definition) => definition !== undefined);
  const steps = new Map(known.map((definition) => [definition.name, stepOf(aggregate, definition, appliers)]));
  return {
    category,
    aggregate,
    state,
    events,
    appliers,
    handles,
    ...(snapshotEvery !== undefined && { snapshotEvery }),
    snapshotRevision: snapshotRevisionOf(stateRevision, state, known),
    steps,
  };
}

function stepOf(
  aggregate: Type<object>,
  definition: EventDefinition,
  appliers: ReadonlyMap<Ctor<object>, string | symbol>,
): FoldStep {
  const method = appliers.get(definition.event);
  if (method === undefined) return { definition, takesContext: false };
  const apply = (aggregate.prototype as Record<string | symbol, NonNullable<FoldStep['apply']>>)[method];
  if (apply === undefined) return { definition, takesContext: false };
  return { definition, apply, takesContext: takesContext(apply) };
}

/** A rest parameter, a default value or `arguments` hides parameters from `length`; when in doubt the context is made. */
function takesContext(method: { readonly length: number; toString(): string }): boolean {
  if (method.length > 1) return true;
  const source = method.toString();
  const [parameters = ''] = source.split(/\)\s*\{/, 1);
  return /=|\.\.\./.test(parameters) || /\barguments\b/.test(source);
}
