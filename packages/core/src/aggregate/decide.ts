import { CommittedEventContext, type CommitCircumstances } from '../context/event-context.js';
import type { Type } from '../data/type.js';
import { ConfigurationError } from '../error/configuration.error.js';
import { eventDefinitionOf } from '../event/domain-event.decorator.js';
import type { NewEvent } from '../event/event.js';
import { asInstanceOf } from '../event/instance.js';
import { plainCopy, plainEventData } from '../event/plain-data.js';
import type { AggregateDefinition } from './aggregate-definition.js';
import { EMITTER, type Emitter } from './aggregate-root.js';
import type { Rehydrated } from './rehydrate.js';

/**
 * Runs a decision on an aggregate and answers the events that it emitted, in order, already applied to the aggregate's state. `at` is what their
 * contexts say, and must be stored as it is, so that a replay sees the same. What `act` throws is thrown; a promise is
 * refused with `ConfigurationError`, since what it emits later would be lost. The aggregate is not to be used again.
 */
export function decide<A>(
  definition: AggregateDefinition<A>,
  subject: Rehydrated<A>,
  at: CommitCircumstances,
  act: (aggregate: A) => unknown,
): readonly NewEvent[] {
  const aggregate = subject.aggregate as A & { [EMITTER]?: Emitter };
  const decision = new Decision(definition, subject, at);
  aggregate[EMITTER] = decision;
  try {
    refusePromise(definition, act(aggregate));
  } finally {
    delete aggregate[EMITTER];
  }
  return decision.emitted;
}

class Decision<A> implements Emitter {
  readonly emitted: NewEvent[] = [];
  private applying = false;

  constructor(
    private readonly definition: AggregateDefinition<A>,
    private readonly subject: Rehydrated<A>,
    private readonly at: CommitCircumstances,
  ) {}

  emit(event: Type<object>, data: object): void {
    const aggregate = this.definition.aggregate.name;
    if (this.applying)
      throw new ConfigurationError(
        `An @Apply method of ${aggregate} emits ${event.name}: appliers only change the state, emit it where it is decided.`,
      );
    const { name, version } = eventDefinitionOf(event);
    const step = this.definition.steps.get(name);
    if (step?.definition.event !== event)
      throw new ConfigurationError(
        `${aggregate} emits ${event.name}, which @Aggregate does not list: add it to events.`,
      );
    const stored = plainEventData(name, data);
    this.emitted.push({ type: name, schema: version, data: stored });
    if (step.apply === undefined) return;
    this.applying = true;
    try {
      // Another copy: a state that keeps a part of the event and changes it later must not change what is to be stored.
      const instance = asInstanceOf(event, plainCopy(stored));
      step.apply.call(
        this.subject.aggregate as object,
        instance,
        new CommittedEventContext(this.at, this.subject.version + this.emitted.length),
      );
    } finally {
      this.applying = false;
    }
  }
}

function refusePromise<A>(definition: AggregateDefinition<A>, result: unknown): void {
  if (typeof (result as PromiseLike<unknown> | null | undefined)?.then !== 'function') return;
  // Its own failure has no one else to tell.
  Promise.resolve(result).catch(() => undefined);
  throw new ConfigurationError(
    `A decision on ${definition.aggregate.name} returned a promise: await what you need before it, and decide at once.`,
  );
}
