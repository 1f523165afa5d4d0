import { CommittedEventContext } from '../context/event-context.js';
import { EventFromNewerBuild, InvalidEvent } from '../error/store.errors.js';
import { isReadable, lastVersionOf, type Commit, type StoredEvent } from '../event/event.js';
import { undecodable, type EventTypes } from '../event/event-types.js';
import { asInstanceOf } from '../event/instance.js';
import type { StreamName } from '../stream/stream-name.js';
import type { AggregateDefinition, FoldStep } from './aggregate-definition.js';

/** An aggregate as its events made it. */
export interface Rehydrated<A> {
  readonly aggregate: A;
  readonly state: object;
  /** The version of the last event in it; 0 without events. */
  readonly version: number;
}

/** From where a fold goes on. The state is taken over and changed. */
export interface FoldStart {
  readonly state: object;
  readonly version: number;
}

/** A bound or a relaxation of a fold. */
export interface FoldOptions {
  /** Fold up to this version and no further, also within a commit. */
  readonly upTo?: number;
  /** The commits are a selection (by time), so versions may be missing. */
  readonly sparse?: boolean;
}

/** An aggregate without events. */
export function blank<A>(definition: AggregateDefinition<A>): Rehydrated<A> {
  return attach(definition, { state: new definition.state(), version: 0 });
}

/**
 * Folds commits, in order, into an aggregate; those that lie before `start` are passed over. Pure, but takes the stored data over. Throws
 * `EventFromNewerBuild` for events that this build does not know (no decision may rest on the rest) and `InvalidEvent` for one
 * that the aggregate does not list, that an upcaster refuses, whose payload is not there or cannot be decoded, or that follows a gap.
 */
export function rehydrate<A>(
  definition: AggregateDefinition<A>,
  types: EventTypes,
  commits: readonly Commit[],
  start?: FoldStart,
  options: FoldOptions = {},
): Rehydrated<A> {
  const begun = start === undefined ? blank(definition) : attach(definition, start);
  const upTo = options.upTo ?? Number.POSITIVE_INFINITY;
  let reached = begun.version;
  for (const commit of commits) {
    if (lastVersionOf(commit) <= reached) continue;
    if (commit.firstVersion > upTo) break;
    if (!options.sparse && commit.firstVersion !== reached + 1) throw gap(commit.stream, reached, commit.firstVersion);
    reached = foldCommit(definition, types, begun.aggregate as object, commit, upTo);
  }
  return { ...begun, version: reached };
}

// The hot path of every load: one map lookup an event, and nothing made that no applier asks for.
function foldCommit<A>(
  definition: AggregateDefinition<A>,
  types: EventTypes,
  aggregate: object,
  commit: Commit,
  upTo: number,
): number {
  const { steps } = definition;
  let version = commit.firstVersion - 1;
  for (const stored of commit.events) {
    if (version >= upTo) break;
    version += 1;
    const step = steps.get(stored.type);
    if (step === undefined) throw unlisted(definition, types, commit.stream, version, stored);
    // Also where no applier looks at it: a decision must not rest on what may be damaged around it.
    if (!isReadable(stored)) throw undecodable(stored, `${commit.stream}:${version}`);
    if (step.definition.version === stored.schema) {
      if (step.apply === undefined) continue;
      const event = asInstanceOf(step.definition.event, stored.data);
      if (step.takesContext) step.apply.call(aggregate, event, new CommittedEventContext(commit, version));
      else step.apply.call(aggregate, event);
    } else foldOlder(step, types, aggregate, commit, version, stored);
  }
  return version;
}

function foldOlder(
  step: FoldStep,
  types: EventTypes,
  aggregate: object,
  commit: Commit,
  version: number,
  stored: StoredEvent,
): void {
  if (stored.schema > step.definition.version)
    throw new EventFromNewerBuild(commit.stream, stored.type, stored.schema, version);
  if (step.apply === undefined) return;
  const event = types.revive(stored, `${commit.stream}:${version}`);
  step.apply.call(aggregate, event, new CommittedEventContext(commit, version));
}

function attach<A>(definition: AggregateDefinition<A>, start: FoldStart): Rehydrated<A> {
  const aggregate = new definition.aggregate();
  // Defined, not assigned: it is read-only for everybody else.
  Object.defineProperty(aggregate, 'state', { value: start.state, enumerable: true });
  return { aggregate, state: start.state, version: start.version };
}

function unlisted<A>(
  definition: AggregateDefinition<A>,
  types: EventTypes,
  stream: StreamName,
  version: number,
  stored: StoredEvent,
): Error {
  const { type, schema } = stored;
  // A type that nobody knows here was written by another build: in a rolling deploy that is the newer one.
  if (types.judge(type, schema) !== 'known') return new EventFromNewerBuild(stream, type, schema, version);
  return new InvalidEvent(
    `Event '${stream}:${version}' of type '${type}' is not among the events of ${definition.aggregate.name}: list it in @Aggregate.`,
    { type, schema, event: `${stream}:${version}` },
  );
}

function gap(stream: StreamName, after: number, got: number): InvalidEvent {
  return new InvalidEvent(
    `'${stream}' lacks what stands between version ${after} and version ${got}: no decision can rest on the rest.`,
    {
      stream,
      after,
      got,
    },
  );
}
