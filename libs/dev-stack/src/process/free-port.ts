import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { ServerStartError } from './server-start.error.js';

// Below the range from which the system takes the source ports of outgoing connections (32768 upwards
// on Linux, higher elsewhere). Inside it, a client that reconnects to a killed node can be given the
// node's own port as source, connects to itself, and the node never gets its port back.
const LOWEST = 20_000;
const HIGHEST = 31_999;

/** Whether 127.0.0.1 can be listened on at this port right now. @internal */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/**
 * Distinct ports that are free at the moment of asking. Another process may still take one before the
 * server does: `onFreePorts` repeats a start that failed for that.
 * @internal
 */
export async function findFreePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries += 1) {
    if (tries > 500) throw new Error(`No free port found between ${LOWEST} and ${HIGHEST} on 127.0.0.1`);
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (!found.has(port) && (await isPortFree(port))) found.add(port);
  }
  return [...found];
}

const ATTEMPTS = 3;

/**
 * Runs a start on free ports, and again on others where another process was faster; the third `ServerStartError`
 * for a taken address passes through, as every other error does at once.
 * @internal
 */
export async function onFreePorts<T>(count: number, start: (ports: readonly number[]) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await findFreePorts(count));
    } catch (error) {
      const portWasTaken = error instanceof ServerStartError && error.failure === 'address-in-use';
      if (!portWasTaken || attempt === ATTEMPTS) throw error;
    }
  }
}
