import type { ParkedAttempt, ParkedError, ParkedRequest, ParkedStream } from '@nestfold/core';

/** An event that a projection or a handler could not apply, and the stream that is held back behind it. */
export interface DeadLetter {
  readonly id: string;
  readonly projection?: string;
  readonly handler?: string;
  /** The generation whose documents lack it; missing for a handler. */
  readonly generation?: string;
  readonly stream: string;
  /** What failed last. */
  readonly error: ParkedError;
  /** How often the event that fails now has failed. */
  readonly attempts: number;
  /** The versions of the stream that wait, the failing event's commit included. */
  readonly waiting: number;
  readonly parkedAt: Date;
  /** What was asked and not executed yet. */
  readonly request?: ParkedRequest;
  /** The first failure, and the latest nine. */
  readonly history: readonly ParkedAttempt[];
}

/** Which dead letters to list; of all projections and handlers where neither is named. */
export interface DeadLetterQuery {
  readonly projection?: string;
  readonly handler?: string;
  /** At most so many, up to 500. Default 50. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** Some dead letters, each once over all pages. */
export interface DeadLetterPage {
  readonly deadLetters: readonly DeadLetter[];
  /** Missing on the last page. */
  readonly next?: string;
}

const HANDLER = 'handler:';

/** Under which name the parked streams of an events handler are kept. */
export function handlerConsumer(name: string): string {
  return `${HANDLER}${name}`;
}

/** A parked stream as operators see it. */
export function deadLetterOf({ consumer, name, at, applied, seen, key: _key, ...rest }: ParkedStream): DeadLetter {
  return {
    ...rest,
    ...(consumer.startsWith(HANDLER) ? { handler: name } : { projection: name, generation: consumer }),
    waiting: seen - applied,
    parkedAt: at,
  };
}
