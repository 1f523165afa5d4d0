import type { Generation } from '@nestfold/core';

/** Whether a build is to end. */
export function isCancelled({ cancelRequested, builtAt }: Generation): boolean {
  return cancelRequested === true && builtAt === undefined;
}
