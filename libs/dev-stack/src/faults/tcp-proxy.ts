import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { kafkaProtocol } from './kafka.protocol.js';
import { mongodbProtocol } from './mongodb.protocol.js';
import { Network } from './network.js';
import { ReplyLoss, type Loss, type LostReplies } from './reply-loss.js';
import { MessageCutter, type WireProtocol } from './wire-message.js';

const PROTOCOLS = { mongodb: mongodbProtocol, kafka: kafkaProtocol };

/** How a network is cut. @publicApi */
export interface CutOptions {
  /**
   * Whether it forgets the connections that are open meanwhile, as a gateway does: they stay silent for ever, and only who opens another gets through
   * afterwards. Default: false, then all that was sent arrives when it heals, also from those who have given up.
   */
  readonly forgets?: boolean;
}

/**
 * A TCP proxy in front of a mongod or a Kafka that is a bad network on purpose. It loses replies: the server has done what it was asked for, and the
 * client never hears of it. It is cut, or slow. Connect to a mongod through it with its `uri`: without `directConnection=true` a driver learns the
 * server's own address. A Kafka must tell its clients the `address`: `startKafka({ ephemeral: { proxied: true } })` starts both.
 * @publicApi
 */
export class TcpProxy {
  private losses: ReplyLoss[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly there = new Network();
  private readonly back = new Network();

  private constructor(
    private readonly server: Server,
    private readonly target: number,
    private readonly protocol: WireProtocol,
  ) {
    server.on('connection', (client) => this.join(client));
  }

  /** Listens on a free port of the loopback interface, in front of a local port where a server speaks this way. Default: as MongoDB. */
  static async start(target: number, speaking: keyof typeof PROTOCOLS = 'mongodb'): Promise<TcpProxy> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new TcpProxy(server, target, PROTOCOLS[speaking]);
  }

  /** Where it listens on 127.0.0.1. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Where it listens, for a client of Kafka. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Address for `MongoClient`. */
  get uri(): string {
    return `mongodb://${this.address}/?directConnection=true`;
  }

  /** Loses replies to requests from now on, beside those that are being lost already; a reply that several rules claim counts for each. */
  lose(replies: LostReplies): Loss {
    const loss = new ReplyLoss(replies);
    this.losses = [...this.losses.filter(({ active }) => active), loss];
    return loss;
  }

  /** From now on nothing passes in either direction and nobody is told: connections stay open, new ones are taken, and all of them are silent. */
  cut({ forgets = false }: CutOptions = {}): void {
    for (const network of [this.there, this.back]) network.cut(forgets);
  }

  /** From now on all connections together get so many bytes a second through, in each direction. */
  slow(bytesPerSecond: number): void {
    for (const network of [this.there, this.back]) network.slow(bytesPerSecond);
  }

  /** Ends every loss, cut and slowness: everything passes. */
  pass(): void {
    for (const loss of this.losses.splice(0)) loss.end();
    for (const network of [this.there, this.back]) network.pass();
  }

  /** Ends all connections; call it before its server stops. */
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private join(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    const claimed = new Map<number, readonly ReplyLoss[]>();
    const requests = new MessageCutter(this.protocol);
    const replies = new MessageCutter(this.protocol);
    const there = this.there.join(client, server);
    const back = this.back.join(server, client);
    client.on('data', (chunk) => {
      for (const message of requests.add(chunk)) {
        const request = this.protocol.requestIn(message);
        const losses = this.losses.filter((loss) => loss.fits(request, message));
        if (losses.length > 0) claimed.set(request.id, losses);
        there.send(message);
      }
    });
    server.on('data', (chunk) => {
      for (const message of replies.add(chunk)) {
        const id = this.protocol.answeredBy(message);
        const losses = claimed.get(id)?.filter(({ active }) => active) ?? [];
        claimed.delete(id);
        for (const loss of losses) loss.note();
        if (losses.some(({ by }) => by === 'closing')) client.destroy();
        else if (losses.length === 0) back.send(message);
      }
    });
    for (const [one, line] of [
      [client, there],
      [server, back],
    ] as const) {
      this.sockets.add(one);
      one.setNoDelay(true);
      // What it means is what its end means.
      one.on('error', () => undefined);
      one.on('close', () => {
        this.sockets.delete(one);
        line.end();
      });
    }
  }
}
