import { once } from 'node:events';
import { createServer } from 'node:net';
import { PortInUseError } from './port-in-use.error.js';

/** Where to listen. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Tries to listen for a moment, so that a taken port is said before a database is started. Throws `PortInUseError`. */
export async function requireFree({ host, port }: Address): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    throw asListenProblem(error, { host, port });
  } finally {
    server.close();
  }
}

/** What a failed `listen` means to whoever started the program. */
export function asListenProblem(error: unknown, { host, port }: Address): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === 'EADDRINUSE') return new PortInUseError(host, port, { cause: error });
  if (code === 'EACCES')
    return new Error(`Port ${port} needs more rights than this user has: choose one from 1024, such as PORT=3000.`, {
      cause: error,
    });
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new Error(
      `This machine has no address '${host}': leave HOST out for loopback, or give 0.0.0.0 for all addresses.`,
      { cause: error },
    );
  }
  return error;
}
