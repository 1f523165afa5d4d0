import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** The first of so many neighbouring ports of the loopback that nobody listens on now. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = await listening(0);
    const port = (first.address() as AddressInfo).port;
    const servers: Server[] = [first];
    try {
      for (let next = 1; next < count; next += 1) servers.push(await listening(port + next));
      return port;
    } catch {
      // One of them is taken: another place.
    } finally {
      for (const server of servers) server.close();
    }
  }
}

async function listening(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
