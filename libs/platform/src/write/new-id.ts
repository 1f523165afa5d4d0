import { ConfigurationError, currentContext } from '@nestfold/core';

/**
 * An id for what a command makes: the same whenever the command is repeated under its key, so that a repetition finds what
 * the first attempt made. Only within the handling of a command, else `ConfigurationError`.
 */
export function newId(label: string): string {
  const context = currentContext();
  if (context === undefined)
    throw new ConfigurationError(`newId('${label}') was called outside of a command's handling.`);
  return context.newId(label);
}
