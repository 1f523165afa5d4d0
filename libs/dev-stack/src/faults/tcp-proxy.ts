import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Which requests never get their reply. @publicApi */
export interface LostReplies {
  /** Judges a whole wire message of a client. */
  readonly request: (message: Buffer) => boolean;
  /** How the client notices: its connection ends, or nothing comes. */
  readonly by: 'closing' | 'silence';
  /** So many replies are lost; default: all, until told otherwise. */
  readonly times?: number;
}

const HEADER_BYTES = 16;

/**
 * A TCP proxy in front of a mongod that loses replies on purpose: the server has done what it was asked for, and the client
 * never hears of it. Connect through it with `directConnection=true`.
 * @publicApi
 */
export class TcpProxy {
  /** How many replies were lost so far. */
  lost = 0;
  private rule: LostReplies | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {
    server.on('connection', (client) => this.join(client));
  }

  /** Listens on a free port of the loopback interface, in front of a local port. */
  static async start(target: number): Promise<TcpProxy> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new TcpProxy(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Address for `MongoClient`. */
  get uri(): string {
    return `mongodb://127.0.0.1:${this.port}/?directConnection=true`;
  }

  /** Loses replies from now on; without a rule everything passes. */
  lose(rule: LostReplies | undefined): void {
    this.rule = rule;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private join(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    const unanswered = new Map<number, LostReplies>();
    const requests = new MessageReader();
    const replies = new MessageReader();
    client.on('data', (chunk) => {
      for (const message of requests.read(chunk)) {
        const { rule } = this;
        if (rule?.request(message)) unanswered.set(message.readInt32LE(4), rule);
        server.write(message);
      }
    });
    server.on('data', (chunk) => {
      for (const message of replies.read(chunk)) {
        const rule = unanswered.get(message.readInt32LE(8));
        if (rule && this.takes(rule)) {
          if (rule.by === 'closing') client.destroy();
        } else if (!client.destroyed) client.write(message);
      }
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }

  private takes(rule: LostReplies): boolean {
    if (this.rule !== rule) return false;
    this.lost += 1;
    if (rule.times !== undefined && this.lost >= rule.times) this.rule = undefined;
    return true;
  }
}

/** Cuts a byte stream into wire messages, each of which begins with its length. */
class MessageReader {
  private rest: Buffer = Buffer.alloc(0);

  *read(chunk: Buffer): Iterable<Buffer> {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= HEADER_BYTES) {
      const length = this.rest.readInt32LE(0);
      if (this.rest.length < length) return;
      const message = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      yield message;
    }
  }
}
