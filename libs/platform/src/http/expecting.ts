import { statedVersion, type WriteOptions } from '@nestfold/core';

/** What a write insists on when the caller stated a version; nothing when not. */
export function expecting(version: number | undefined): WriteOptions {
  return version === undefined ? {} : { expected: statedVersion(version) };
}
