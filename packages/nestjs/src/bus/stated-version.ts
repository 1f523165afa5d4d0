import { statedVersion, type MessageContext, type StatedVersion } from '@nestfold/core';

// Beside the context and not in it: it is for the first write only, and contexts are shared by everything that a handling does.
const stated = new WeakMap<MessageContext, StatedVersion>();

/** Remembers the version that the caller of a command has seen. */
export function stateVersion(context: MessageContext, version: number): void {
  stated.set(context, statedVersion(version));
}

/** Takes the stated version for a write: the first one gets it, since a stated version speaks of one stream. */
export function takeStatedVersion(context: MessageContext | undefined): StatedVersion | undefined {
  if (context === undefined) return undefined;
  const version = stated.get(context);
  stated.delete(context);
  return version;
}
