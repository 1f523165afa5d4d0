import {
  aggregateDefinitionOf,
  ConfigurationError,
  EventTypes,
  type AggregateDefinition,
  type AggregateRoot,
  type Command,
  type Data,
  type NewEvent,
  type Type,
} from '@nestfold/core';
import { atTestEnd } from './at-test-end.js';
import { decided, type Act } from './decided.js';
import { StatedOutcome } from './stated-outcome.js';
import type { Given, Then } from './words.js';

// `any` below: a command's result and an aggregate's state play no part here, and stand in invariant places.
/* eslint-disable @typescript-eslint/no-explicit-any */

/** Circumstances of a decision. */
export interface SpecificationOptions {
  /** The aggregate's id where no command names it; default `1`. */
  readonly id?: string;
  /** When it is decided; default the beginning of 2024, UTC. */
  readonly at?: Date;
}

/**
 * Tests an aggregate without a store, in the words of its domain:
 *
 * @example `specification(Order).given(OrderPlaced, { … }).when(CancelOrder.of({ … })).then(OrderCancelled, { … });`
 *
 * Errors that are no refusal are thrown by `when`. Throws `ConfigurationError` for an event that the aggregate does not
 * list and for a command that it does not handle.
 * @publicApi
 */
export function specification<A extends AggregateRoot<any>>(
  aggregate: Type<A>,
  options: SpecificationOptions = {},
): Given<A> {
  return new Sentence(aggregateDefinitionOf(aggregate), options, []);
}

class Sentence<A extends AggregateRoot<any>> implements Given<A> {
  constructor(
    private readonly definition: AggregateDefinition<A>,
    private readonly options: SpecificationOptions,
    private readonly history: readonly NewEvent[],
  ) {}

  given<E extends object>(event: Type<E>, data: NoInfer<Data<E>>): Given<A> {
    const next = EventTypes.of(this.definition.events).newEvent(event, data);
    return new Sentence(this.definition, this.options, [...this.history, next]);
  }

  when(act: Command<any> | ((aggregate: A) => void)): Then {
    const { at = new Date(Date.UTC(2024, 0, 1)), id = '1' } = this.options;
    const wanted: Act<A> = typeof act === 'function' ? { id, on: 'any', run: act } : this.handling(act);
    const outcome = new StatedOutcome(
      `${this.definition.aggregate.name}, ${nameOf(act)},`,
      decided(this.definition, this.history, wanted, at),
    );
    atTestEnd(() => outcome.complete());
    return outcome;
  }

  private handling(command: Command<any>): Act<A> {
    const { aggregate, handles } = this.definition;
    const handle = handles.find((one) => one.command === command.constructor);
    if (handle === undefined) {
      throw new ConfigurationError(
        `${aggregate.name} has no @Handle for ${nameOf(command)}: give when() what its handler does, such as when((it) => it.doSomething(…)).`,
      );
    }
    const { idField, on, method } = handle;
    const id = (command as unknown as Record<string, unknown>)[idField] as string;
    return {
      id,
      on,
      run: (it) => (it as unknown as Record<string | symbol, (given: object) => unknown>)[method]?.call(it, command),
    };
  }
}

function nameOf(act: Command<any> | ((aggregate: never) => void)): string {
  return typeof act === 'function' ? 'given a decision' : act.constructor.name;
}
