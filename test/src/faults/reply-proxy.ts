import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { MessageCutter, type WireMessage } from './wire-message.js';

/** Which replies are swallowed: those to this command on this collection. */
export interface Swallowing {
  readonly command: string;
  readonly collection?: string;
  /** How many; the rest passes. */
  readonly times: number;
  /** `cut` closes the connection instead of answering, `hold` never answers. */
  readonly how: 'cut' | 'hold';
}

/**
 * Stands between a driver and a server, and loses replies: the server has done what it was told, and nobody hears of it.
 * The driver must connect with `directConnection=true`, or it would learn the server's own address.
 */
export class ReplyProxy {
  private rules: (Swallowing & { left: number })[] = [];
  private readonly sockets = new Set<Socket>();
  private waiting: (() => void)[] = [];
  /** How many replies were swallowed so far. */
  swallowed = 0;

  private constructor(
    private readonly server: Server,
    readonly uri: string,
  ) {}

  static async open(serverPort: number): Promise<ReplyProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const proxy = new ReplyProxy(server, `mongodb://127.0.0.1:${port}/?directConnection=true`);
    server.on('connection', (client) => proxy.join(client, connect(serverPort, '127.0.0.1')));
    return proxy;
  }

  /** From now on; what it replaces ends. Without a rule everything passes. */
  swallow(...rules: readonly Swallowing[]): void {
    this.rules = rules.map((rule) => ({ ...rule, left: rule.times }));
  }

  /** Answers when the next reply is swallowed: then the server has done it. */
  next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket, server: Socket): void {
    const requests = new MessageCutter();
    const replies = new MessageCutter();
    const asked = new Map<number, WireMessage>();
    const end = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', end).on('close', () => {
        this.sockets.delete(socket);
        end();
      });
    }
    client.on('data', (chunk) => {
      for (const message of requests.add(chunk)) {
        // Kept without its bytes: only the name is needed.
        asked.set(message.requestId, { ...message, bytes: Buffer.alloc(0) });
        server.write(message.bytes);
      }
    });
    server.on('data', (chunk) => {
      for (const message of replies.add(chunk)) {
        const request = asked.get(message.responseTo);
        asked.delete(message.responseTo);
        const how = this.lose(request);
        if (how === 'cut') return end();
        if (how === undefined) client.write(message.bytes);
      }
    });
  }

  private lose(request: WireMessage | undefined): Swallowing['how'] | undefined {
    const rule = this.rules.find(
      ({ command, collection, left }) =>
        left > 0 && request?.command === command && (collection === undefined || request.collection === collection),
    );
    if (rule === undefined) return undefined;
    rule.left -= 1;
    this.swallowed += 1;
    for (const wake of this.waiting.splice(0)) wake();
    return rule.how;
  }
}
