import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isProcessAlive } from '../support/process-alive.js';
import { DataFolderInUseError } from './data-folder-in-use.error.js';
import { readState } from './persistent-state.js';

// The watchdog of a crashed predecessor needs about a second; if it was killed too, mongod is left over.
const LEFT_OVER_AFTER_MS = 5_000;
const GIVE_UP_AFTER_MS = 25_000;
const RETRY_MS = 250;

/**
 * Decides about a mongod that holds the lock of the data folder: returns when it is worth trying again.
 *
 * A mongod whose owner lives is refused with `DataFolderInUseError`. One whose owner has crashed is waited
 * for; left over without a watchdog it is asked to shut down, but only when it is the very process that the
 * crashed owner had started. Anything else, such as a mongod started by hand, is left alone.
 * @internal
 */
export async function awaitPredecessor(folder: string, waitedSince: number): Promise<void> {
  const state = await readState(folder);
  if (state !== undefined && state.ownerPid !== process.pid && isProcessAlive(state.ownerPid)) {
    throw new DataFolderInUseError(
      folder,
      `process ${state.ownerPid}, which runs its MongoDB on port ${state.port}`,
      'Stop that one first, or start with another data folder.',
    );
  }
  const waited = Date.now() - waitedSince;
  const holder = await readHolder(folder);
  if (waited > GIVE_UP_AFTER_MS) {
    throw new DataFolderInUseError(
      folder,
      `a mongod (process ${holder ?? 'unknown'}) that was not started here`,
      'End it, then start again.',
    );
  }
  if (waited > LEFT_OVER_AFTER_MS && holder !== undefined && holder === state?.mongodPid && isProcessAlive(holder)) {
    process.kill(holder, 'SIGTERM');
  }
  await delay(RETRY_MS);
}

/** mongod writes its id into the lock file once it has the lock. */
async function readHolder(folder: string): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(join(folder, 'data', 'mongod.lock'), 'utf8').catch(() => ''), 10);
  return Number.isNaN(pid) ? undefined : pid;
}
