import type { CommandProblem } from './client-options.js';

/**
 * A command was refused, or its outcome is not known after all attempts (`isUnknown`): then it may have taken effect, and sending it again with the same
 * `key` finds out.
 */
export class CommandFailed extends Error {
  constructor(
    message: string,
    /** Under which it was sent. */
    readonly key: string,
    /** Missing where nothing was answered. */
    readonly problem: CommandProblem | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CommandFailed';
  }

  /** The problem's stable code. */
  get code(): string | undefined {
    return this.problem?.code;
  }

  get isUnknown(): boolean {
    return this.problem === undefined || this.problem.status >= 500;
  }
}

export const isCommandFailed = (error: unknown): error is CommandFailed =>
  error instanceof Error && error.name === 'CommandFailed';
