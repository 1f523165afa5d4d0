import { categoryOf, idOf, NotFound, streamName, type StreamName } from '@nestfold/core';

/** A stream's name as a caller gave it. Throws `NotFound` for one that no stream can have. */
export function checkedStream(name: string): StreamName {
  const dash = name.indexOf('-');
  if (dash < 1 || !/^[A-Za-z$][A-Za-z0-9_.$]*$/.test(name.slice(0, dash)))
    throw new NotFound('stream', name.slice(0, 100));
  return streamName(categoryOf(name), idOf(name));
}
