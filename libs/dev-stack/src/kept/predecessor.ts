import { setTimeout as delay } from 'node:timers/promises';
import { isProcessAlive } from '../process/process-alive.js';
import { DataFolderInUseError } from './data-folder-in-use.error.js';
import { readState } from './kept-state.js';

// The watchdog of a crashed predecessor needs about a second; if it was killed too, the server is left over.
const LEFT_OVER_AFTER_MS = 5_000;
const GIVE_UP_AFTER_MS = 25_000;
const RETRY_MS = 250;

/** What works on a kept folder. @internal */
export interface KeptData {
  readonly folder: string;
  /** In messages: what runs there, such as MongoDB. */
  readonly product: string;
  /** In messages: its process, such as mongod. */
  readonly program: string;
  /** Id of the process that has the folder's lock, where the folder tells. */
  holder(): Promise<number | undefined>;
}

/**
 * Decides about a server that holds the lock of the data folder: returns when it is worth trying again.
 *
 * A server whose owner lives is refused with `DataFolderInUseError`. One whose owner has crashed is waited
 * for; left over without a watchdog it is asked to shut down, but only when it is the very process that the
 * crashed owner had started. Anything else, such as a server started by hand, is left alone.
 * @internal
 */
export async function awaitPredecessor(data: KeptData, waitedSince: number): Promise<void> {
  const { folder, product, program } = data;
  const state = await readState(folder);
  if (state !== undefined && state.ownerPid !== process.pid && isProcessAlive(state.ownerPid)) {
    throw new DataFolderInUseError(
      folder,
      `process ${state.ownerPid}, which runs its ${product} on port ${state.port}`,
      'Stop that one first, or start with another data folder.',
    );
  }
  const waited = Date.now() - waitedSince;
  const holder = await data.holder();
  if (waited > GIVE_UP_AFTER_MS) {
    throw new DataFolderInUseError(
      folder,
      `a ${program} (process ${holder ?? 'unknown'}) that was not started here`,
      'End it, then start again.',
    );
  }
  if (waited > LEFT_OVER_AFTER_MS && holder !== undefined && holder === state?.serverPid && isProcessAlive(holder)) {
    process.kill(holder, 'SIGTERM');
  }
  await delay(RETRY_MS);
}
