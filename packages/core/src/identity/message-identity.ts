import type { StreamName } from '../stream/stream-name.js';
import { uuidV5 } from './uuid.js';

/** The namespace of command ids; stored ids rest on it, so it never changes. */
const COMMANDS = 'd5df1198-4003-5e32-90d0-55024ddc09fa';

/**
 * The id of a command for which a caller sent a key. Principal and type are part of it: without them a key would hand
 * one caller's receipt to another.
 */
export function commandIdOf(principal: string, type: string, key: string): string {
  return uuidV5(COMMANDS, JSON.stringify([principal, type, key]));
}

/** The id of a message's append number `ordinal` (from 0) to a stream: without it, a second append would be taken for the first. */
export function commitIdOf(messageId: string, stream: StreamName, ordinal: number): string {
  return uuidV5(messageId, `commit:${ordinal}:${stream}`);
}

/** An id that the server makes while it handles a message: the same whenever the message is handled again. */
export function labelledIdOf(messageId: string, label: string): string {
  return uuidV5(messageId, `id:${label}`);
}
