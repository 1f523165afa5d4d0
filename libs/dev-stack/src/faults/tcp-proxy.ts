import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ReplyLoss, type Loss, type LostReplies } from './reply-loss.js';
import { MessageCutter } from './wire-message.js';

/**
 * A TCP proxy in front of a mongod that loses replies on purpose: the server has done what it was asked for, and the client
 * never hears of it. Connect through it with its `uri`: without `directConnection=true` a driver learns the server's own address.
 * @publicApi
 */
export class TcpProxy {
  private losses: ReplyLoss[] = [];
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

  /** Address for `MongoClient`. */
  get uri(): string {
    const { port } = this.server.address() as AddressInfo;
    return `mongodb://127.0.0.1:${port}/?directConnection=true`;
  }

  /** Loses replies to requests from now on, beside those that are being lost already; a reply that several rules claim counts for each. */
  lose(replies: LostReplies): Loss {
    const loss = new ReplyLoss(replies);
    this.losses = [...this.losses.filter(({ active }) => active), loss];
    return loss;
  }

  /** Ends every loss: everything passes. */
  pass(): void {
    for (const loss of this.losses.splice(0)) loss.end();
  }

  /** Ends all connections; call it before its server stops. */
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private join(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    const claimed = new Map<number, readonly ReplyLoss[]>();
    const requests = new MessageCutter();
    const replies = new MessageCutter();
    client.on('data', (chunk) => {
      for (const message of requests.add(chunk)) {
        const losses = this.losses.filter((loss) => loss.fits(message));
        if (losses.length > 0) claimed.set(message.requestId, losses);
        server.write(message.bytes);
      }
    });
    server.on('data', (chunk) => {
      for (const message of replies.add(chunk)) {
        const losses = claimed.get(message.responseTo)?.filter(({ active }) => active) ?? [];
        claimed.delete(message.responseTo);
        for (const loss of losses) loss.note();
        if (losses.some(({ by }) => by === 'closing')) client.destroy();
        else if (losses.length === 0 && !client.destroyed) client.write(message.bytes);
      }
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }
}
