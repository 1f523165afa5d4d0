import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KafkaBroker } from '../broker/kafka-broker.js';
import { reasonOf } from '../support/ask-in-order.js';

/**
 * Hands one broker to all test processes of a run, and starts it when the first asks: a run whose tests need none pays nothing.
 * It listens on the loopback interface and tells addresses, nothing else.
 * @internal
 */
export class BrokerDesk {
  #broker: Promise<KafkaBroker> | undefined;

  private constructor(
    private readonly server: Server,
    private readonly start: () => Promise<KafkaBroker>,
  ) {}

  static async open(start: () => Promise<KafkaBroker>): Promise<BrokerDesk> {
    const server = createServer();
    const desk = new BrokerDesk(server, start);
    server.on('request', (_request, response) => {
      void desk.answer().then(({ status, body }) => response.writeHead(status, { connection: 'close' }).end(body));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return desk;
  }

  /** Where to ask. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Ends the broker, if there is one, and waits for one that is being started. May be called twice. */
  async close(): Promise<void> {
    this.server.close();
    const broker = await this.#broker?.catch(() => undefined);
    await broker?.stop();
  }

  private async answer(): Promise<{ status: number; body: string }> {
    try {
      // A failed start is not tried again: the next test would wait as long to hear the same.
      this.#broker ??= this.start();
      return { status: 200, body: JSON.stringify((await this.#broker).brokers) };
    } catch (error) {
      return { status: 503, body: reasonOf(error) };
    }
  }
}

/** Asks a desk for the addresses of its broker; waits while that is being started. Throws what the start has thrown, in words. @internal */
export async function askDesk(url: string): Promise<string[]> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as string[];
}
