// Ends the server processes (mongod, Kafka) of a parent that is gone, whichever way it went.
//
// The parent holds the other end of stdin. The kernel closes it on a normal exit, on Ctrl-C and on
// kill -9 alike, so the end of stdin is the one signal that cannot be missed and needs no polling of
// a parent pid (which another process may have inherited by then).
//
// stdin, one command a line:  "+<pid>" watch this server,  "-<pid>" it has ended by itself.
// argv: the milliseconds between SIGTERM and SIGKILL (0: SIGKILL at once), then the folder to delete
// once all are gone (none: the data is kept).
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const graceMs = Number(process.argv[2] ?? 0);
const folder = process.argv[3];

/** @type {Set<number>} */
const watched = new Set();

/** @param {number} pid @param {NodeJS.Signals | 0} signal */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** @param {NodeJS.Signals} signal @param {number} waitMs */
async function end(signal, waitMs) {
  for (const pid of watched) send(pid, signal);
  for (const deadline = Date.now() + waitMs; watched.size > 0 && Date.now() < deadline; await delay(20)) {
    for (const pid of watched) if (!send(pid, 0)) watched.delete(pid);
  }
}

// A terminal's Ctrl-C must not end the watchdog before the processes it watches.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) watched.add(pid);
  else watched.delete(pid);
}

if (graceMs > 0) await end('SIGTERM', graceMs);
// Nothing survives SIGKILL; what keeps its id longer is a zombie that nobody collects.
await end('SIGKILL', 2_000);
if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
