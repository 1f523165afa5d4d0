import { hasCode, NestfoldError } from './nestfold.error.js';

/** A rule of the user's domain refused a decision (`require`); `code` is the rule's name. */
export class DomainRejection extends NestfoldError {
  readonly retry = 'never';
  readonly kind = 'domain-rejection';

  constructor(
    readonly code: string,
    message = `Refused by the rule '${code}'.`,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message, details);
  }
}

export const isDomainRejection = (error: unknown): error is DomainRejection =>
  error instanceof Error && (error as Partial<DomainRejection>).kind === 'domain-rejection';

/** A command's or query's fields are wrong; all of them are listed. */
export class InvalidMessage extends NestfoldError {
  readonly code = 'message.invalid';
  readonly retry = 'never';

  constructor(
    /** Of the message's class, or what else was invalid. */
    readonly messageName: string,
    readonly problems: readonly { readonly path: string; readonly message: string }[],
  ) {
    super(`${messageName} is invalid: ${problems.map(({ path, message }) => `${path}: ${message}`).join('; ')}`);
  }
}

export const isInvalidMessage = (error: unknown): error is InvalidMessage => hasCode(error, 'message.invalid');
