import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePorts, isPortFree } from '../process/free-port.js';
import { isProcessAlive } from '../process/process-alive.js';
import { ServerStartError } from '../process/server-start.error.js';
import { withProgress, type Report } from '../support/progress.js';
import { readState, writeState, type KeptState } from './kept-state.js';
import { awaitPredecessor, type KeptData } from './predecessor.js';

/**
 * How long a server on kept data may take to end by itself, in ms. It closes its files within a second or two; after that its
 * journal makes a kill safe as well.
 * @internal
 */
export const SHUTDOWN_MS = 10_000;

/** A server on kept data, and how it is started. @internal */
export interface KeptServer<S> extends KeptData {
  /** Starts it on this port of 127.0.0.1. Throws `ServerStartError` when it ends before it listens. */
  start(port: number): Promise<S>;
  pidOf(server: S): number | undefined;
}

/**
 * Starts a server on kept data, on the port that it had before, and leaves word for the next start. Returns when it listens, or
 * throws when the folder turns out to be somebody's: `DataFolderInUseError`; other failures of the start pass through.
 * @internal
 */
export async function startOnKept<S>(kept: KeptServer<S>, report: Report): Promise<S> {
  const { folder } = kept;
  await mkdir(folder, { recursive: true });
  const { server, port } = await withProgress(`starting ${kept.product} on the data of ${folder}`, report, () =>
    startWhenFree(kept, report),
  );
  const serverPid = kept.pidOf(server);
  if (serverPid !== undefined) await writeState(folder, { port, ownerPid: process.pid, serverPid });
  return server;
}

/**
 * Tries until the server starts or the folder turns out to be somebody's. The server itself is the judge: it locks
 * its folder, so there is no gap between a check and the start in which another could come in.
 */
async function startWhenFree<S>(kept: KeptServer<S>, report: Report): Promise<{ server: S; port: number }> {
  const since = Date.now();
  for (;;) {
    const port = await choosePort(kept.folder);
    try {
      const server = await kept.start(port.number);
      if (port.instead !== undefined) {
        report(`port ${port.instead} is taken by another program; ${kept.product} moved to port ${port.number}`);
      }
      return { server, port: port.number };
    } catch (error) {
      if (!(error instanceof ServerStartError)) throw error;
      if (error.failure === 'data-folder-in-use') await awaitPredecessor(kept, since);
      else if (error.failure !== 'address-in-use') throw error;
    }
  }
}

/**
 * The stored port, or another where that is taken. A predecessor that still runs has it taken too, but then
 * the start on the other port fails at the folder's lock, and the stored one is looked at again.
 */
async function choosePort(folder: string): Promise<{ number: number; instead?: number }> {
  const state = await readState(folder);
  if (state !== undefined && (await isFreeSoon(state))) return { number: state.port };
  const [number = 0] = await findFreePorts(1);
  return state === undefined ? { number } : { number, instead: state.port };
}

const LOOK_AGAIN_MS = 50;
/** What its watchdog gives a predecessor to end by itself, and what it takes to be gone when it was killed after that. */
const PREDECESSOR_MS = SHUTDOWN_MS + 5_000;

/**
 * Whether the port is free, or becomes so since a predecessor is ending: that one closes its files before it is gone, and whoever
 * came slowly enough on another port would find the folder free and have moved for nothing.
 */
async function isFreeSoon({ port, ownerPid, serverPid }: KeptState): Promise<boolean> {
  for (const deadline = Date.now() + PREDECESSOR_MS; ; await delay(LOOK_AGAIN_MS)) {
    // Asked before the port is looked at: one that is gone by then has left it.
    const ending = !isProcessAlive(ownerPid) && isProcessAlive(serverPid);
    if (await isPortFree(port)) return true;
    if (!ending || Date.now() >= deadline) return false;
  }
}
