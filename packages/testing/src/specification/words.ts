import type { Command, Data, Type } from '@nestfold/core';

/** What has happened, and what is then asked of the aggregate. */
export interface Given<A> {
  /** An event that has happened, after those before. */
  given<E extends object>(event: Type<E>, data: NoInfer<Data<E>>): Given<A>;
  /** A command that the aggregate handles itself (`@Handle`), or a decision on it. */
  // `any`: a command's result plays no part here, and stands in an invariant place.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  when(act: Command<any> | ((aggregate: A) => void)): Then;
}

/**
 * What must come of it. Every event must be named, in order: one that is left out fails the test when it ends.
 * (A test may return or await the sentence: then that is checked at once.)
 */
export interface Then {
  /** The next event that was decided. */
  then<E extends object>(event: Type<E>, data: NoInfer<Data<E>>): Then;
  /** Nothing was decided, and nothing refused. */
  thenNothing(): void;
  /** Refused by the rule of this code; also `aggregate.not-found` and `stream.conflict`, by what `@Handle` says of the stream. */
  refused(code: string): void;
}
