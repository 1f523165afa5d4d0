import { isConfigurationError, isStoreUnavailable } from '@nestfold/core';
import { DataFolderInUseError, MongodNotFoundError, MongodStartError } from '@nestfold/dev-stack';
import { ShopRunsAlreadyError } from './already-running.js';
import { PortInUseError } from './port-in-use.error.js';

/** A failed start in words for whoever started it: no stack where the remedy is theirs, the stack where the fault is ours. */
export function startProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isStoreUnavailable(error))
    return `${error.message}\nCheck MONGODB_URI, or leave it out: the shop then starts a MongoDB of its own.`;
  if (error instanceof DataFolderInUseError) return `${error.message}\nAnother folder: DATA_DIR=<folder>.`;
  const theirs =
    isConfigurationError(error) ||
    error instanceof PortInUseError ||
    error instanceof ShopRunsAlreadyError ||
    error instanceof MongodNotFoundError ||
    error instanceof MongodStartError ||
    // A listen or a folder that the system refuses.
    error.cause instanceof Error;
  if (theirs) return error.message;
  if ('syscall' in error && 'path' in error)
    return `${error.message}\nCheck DATA_DIR, the folder where the shop keeps its data.`;
  return error.stack ?? error.message;
}
