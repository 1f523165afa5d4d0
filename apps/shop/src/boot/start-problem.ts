import { isConfigurationError, isStoreUnavailable } from '@nestfold/core';
import { DataFolderInUseError, MongodNotFoundError, MongodStartError } from '@nestfold/dev-stack';
import { PortInUseError } from './port-in-use.error.js';

/** A failed start in words for whoever started it: no stack where the remedy is theirs, the stack where the fault is ours. */
export function startProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isStoreUnavailable(error)) return `${error.message}\nCheck MONGODB_URI, or leave it out: the shop then starts a MongoDB of its own.`;
  const theirs =
    isConfigurationError(error) ||
    error instanceof PortInUseError ||
    error instanceof DataFolderInUseError ||
    error instanceof MongodNotFoundError ||
    error instanceof MongodStartError ||
    // A listen or a folder that the system refuses.
    error.cause instanceof Error;
  if (theirs) return error.message;
  return isSystemError(error) ? error.message : (error.stack ?? error.message);
}

function isSystemError(error: Error): boolean {
  return 'syscall' in error && 'code' in error;
}
