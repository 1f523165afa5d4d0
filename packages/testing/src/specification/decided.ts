import {
  AggregateNotFound,
  decide,
  EventTypes,
  isAggregateNotFound,
  isDomainRejection,
  isStreamConflict,
  rehydrate,
  StreamConflict,
  streamName,
  type AggregateDefinition,
  type Commit,
  type NestfoldError,
  type NewEvent,
  storeTime,
} from '@nestfold/core';

/** What a decision came to: events, maybe none, or a refusal. */
export type Decided = { readonly events: readonly NewEvent[] } | { readonly refusal: NestfoldError };

/** What is to be done to an aggregate, and which streams it may meet. */
export interface Act<A> {
  readonly id: string;
  readonly on: 'existing' | 'new' | 'any';
  readonly run: (aggregate: A) => unknown;
}

/** Decides on an aggregate as its events made it. Throws what is no refusal: an error in the aggregate's own code. */
export function decided<A>(
  definition: AggregateDefinition<A>,
  history: readonly NewEvent[],
  { id, on, run }: Act<A>,
  at: Date,
): Decided {
  const stream = streamName(definition.category, id);
  const circumstances = {
    stream,
    occurredAt: at,
    recordedAt: at,
    metadata: { correlationId: 'specification', causationId: 'specification' },
  };
  const commits: Commit[] =
    history.length === 0
      ? []
      : [{ ...circumstances, firstVersion: 1, id: 'given', keyed: false, events: history, time: storeTime(0, 0) }];
  const subject = rehydrate(definition, EventTypes.of(definition.events), commits);
  try {
    if (on === 'existing' && history.length === 0) throw new AggregateNotFound(stream);
    if (on === 'new' && history.length > 0) throw new StreamConflict(stream, 'noStream', history.length);
    return { events: decide(definition, subject, circumstances, run) };
  } catch (error) {
    if (isDomainRejection(error) || isAggregateNotFound(error) || isStreamConflict(error)) return { refusal: error };
    throw error;
  }
}
