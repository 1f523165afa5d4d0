import type { Ctor, Data, Metadata, Type } from '@nestfold/core';

/** Where an event stands, as far as the projection looks at it. */
export interface EventPlace {
  /** Default `specification-1`; versions count up by stream. */
  readonly stream?: string;
  /** Default the beginning of 2024, UTC. */
  readonly occurredAt?: Date;
  /** Default `occurredAt`. */
  readonly recordedAt?: Date;
  readonly metadata?: Partial<Metadata>;
}

/** An event of a specification. */
export interface GivenEvent {
  readonly event: Type<object>;
  readonly data: object;
  readonly place: EventPlace;
}

/** What has happened, and what the documents must then be. */
export interface ProjectionGiven {
  /** An event, after those before; also one that the projection does not subscribe to. */
  given<E extends object>(event: Type<E>, data: NoInfer<Data<E>>, place?: EventPlace): ProjectionGiven;
  /** The document under this id is this one, in all its fields. */
  then<D extends object>(model: Ctor<D>, id: string, document: NoInfer<Omit<Data<D>, '_id'>>): ProjectionThen;
  /** There is no document under this id. */
  absent(model: Ctor<object>, id: string): ProjectionThen;
}

/** What else the documents must be. Await (or return) it; what is not awaited is checked when the test ends. */
export interface ProjectionThen extends PromiseLike<void> {
  /** The document under this id is this one, in all its fields. */
  and<D extends object>(model: Ctor<D>, id: string, document: NoInfer<Omit<Data<D>, '_id'>>): ProjectionThen;
  /** There is no document under this id. */
  absent(model: Ctor<object>, id: string): ProjectionThen;
}
