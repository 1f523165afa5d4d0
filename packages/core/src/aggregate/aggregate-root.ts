import type { Data, Type } from '../data/type.js';
import { ConfigurationError } from '../error/configuration.error.js';
import { DomainRejection } from '../error/domain-rejection.error.js';

/** Where an aggregate's emitter stands while it decides. @internal */
export const EMITTER = Symbol.for('@nestfold/emitter');

/** Takes what a decision emits. @internal */
export interface Emitter {
  emit(event: Type<object>, data: object): void;
}

/**
 * The base of aggregates: methods decide, looking at `state`, and emit events; methods with `@Apply` change `state` and do
 * nothing else. State stands apart from behaviour, so that it can be snapshotted and shown at any version.
 * Instances are made by a repository (or by a specification in tests), never by hand.
 * @publicApi
 */
export abstract class AggregateRoot<S extends object = object> {
  /** The fold of the events so far, those of this decision included. Changed by appliers only. */
  declare protected readonly state: S;
  /** @internal */
  declare [EMITTER]?: Emitter;

  /**
   * States a fact: it is applied to the state at once and is stored when the decision ends. The data is copied. Throws
   * `InvalidEvent` for data that storage would lose, and `ConfigurationError` for an event that `@Aggregate` does not
   * list, or outside of a decision (in an applier, or after an `await`).
   */
  protected emit<E extends object>(event: Type<E>, data: NoInfer<Data<E>>): void {
    const emitter = this[EMITTER];
    if (emitter === undefined) {
      throw new ConfigurationError(
        `${this.constructor.name} emits ${event.name} outside of a decision: emit in a synchronous method that a repository (in tests a specification) calls, and never in an @Apply method.`,
      );
    }
    emitter.emit(event, data);
  }

  /** Refuses the decision with `DomainRejection` unless the rule holds; `code` is the rule's stable name. */
  protected require(
    rule: unknown,
    code: string,
    message?: string,
    details?: Readonly<Record<string, unknown>>,
  ): asserts rule {
    if (!rule) throw new DomainRejection(code, message, details);
  }
}

/** The state of an aggregate's class. */
export type StateOf<A> = A extends AggregateRoot<infer S> ? S : never;
