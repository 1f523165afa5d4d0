import type { CommandReceipt } from '../command/command-receipt.js';
import type { MessageContext } from '../context/message-context.js';
import { CommandKeyReused } from '../error/store.errors.js';
import { lastVersionOf, type Commit } from '../event/event.js';
import { storeTime } from '../feed/store-time.js';
import type { EventStore } from '../store/event-store.port.js';
import { idOf } from '../stream/stream-name.js';
import type { LoadedStream } from './stream-loader.js';

/**
 * Looks for what an earlier handling of the same message stored: among the commits that were loaded, and for a keyed message where a
 * snapshot hid some, by the store's index. Throws `CommandKeyReused` when the body was another.
 */
export async function findOwnCommit(
  events: EventStore,
  loaded: LoadedStream,
  commitId: string,
  context: MessageContext,
): Promise<Commit | undefined> {
  const own =
    loaded.commits.findLast(({ id }) => id === commitId) ??
    (context.keyed && loaded.snapshot !== undefined ? await events.findKeyed(loaded.stream, commitId) : undefined);
  const other = own?.bodyHash !== undefined && context.bodyHash !== undefined && own.bodyHash !== context.bodyHash;
  if (other) throw new CommandKeyReused(loaded.stream);
  return own;
}

/** The receipt of a commit that was found stored. */
export function receiptOf(commit: Commit): CommandReceipt {
  return { id: idOf(commit.stream), version: lastVersionOf(commit), position: commit.time, repeated: true };
}

/** The receipt of a decision that emitted nothing: where the stream stands. */
export function unchangedReceipt({ stream, version, commits }: LoadedStream): CommandReceipt {
  return { id: idOf(stream), version, position: commits.at(-1)?.time ?? storeTime(0, 0), repeated: false };
}
