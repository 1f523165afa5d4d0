/** What a caller may do about an error. */
export type RetryAdvice =
  /** The same again will fail again. */
  | 'never'
  /** Load anew and decide again. */
  | 'reload'
  /** The same again, under the same command id, after a pause. */
  | 'later';

/**
 * The base of all errors of the framework. `code` is stable and what guards compare (two copies of a package happen);
 * `details` holds facts as plain data, fit for a log and for a client.
 */
export abstract class NestfoldError extends Error {
  abstract readonly code: string;
  abstract readonly retry: RetryAdvice;
  readonly isNestfoldError = true;

  constructor(
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Whether something thrown is an error of the framework, from whichever copy of it. */
export function isNestfoldError(error: unknown): error is NestfoldError {
  return error instanceof Error && (error as Partial<NestfoldError>).isNestfoldError === true;
}

/** Whether something thrown bears this code. */
export function hasCode(error: unknown, code: string): error is NestfoldError {
  return isNestfoldError(error) && error.code === code;
}
