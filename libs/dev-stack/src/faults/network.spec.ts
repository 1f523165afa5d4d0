import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { TcpProxy } from './tcp-proxy.js';

const LENGTH_BYTES = 4;

describe('a proxy that is a bad network', () => {
  let received: string;
  let server: Server;
  let proxy: TcpProxy;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    received = '';
    // Answers all with itself. The proxy takes it for a Kafka: whatever begins with its length is a message.
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1');
        socket.write(chunk);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await TcpProxy.start((server.address() as AddressInfo).port, 'kafka');
  });
  afterEach(async () => {
    await proxy.stop();
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    server.close();
  });

  it('is silent while it is cut, to those who come anew as well, and then delivers all in its order', async () => {
    const [early, late] = [await client(), client()];
    early.say('one');
    await early.hears('one');
    proxy.cut();
    const other = await late;
    early.say('two');
    other.say('three');
    await settled();
    early.say('four');
    await settled();
    expect([early.heard, other.heard]).toEqual(['one', '']);
    proxy.pass();
    await early.hears('onetwofour');
    await other.hears('three');
  });

  it('delivers after a cut what somebody has sent who has given up, and then its end', async () => {
    const leaver = await client();
    leaver.say('one');
    await leaver.hears('one');
    const [kept] = [...sockets];
    const ended = once(kept!, 'close');
    proxy.cut();
    leaver.say('late');
    leaver.socket.end();
    await settled();
    expect(text(received)).toBe('one');
    proxy.pass();
    await ended;
    expect(text(received)).toBe('onelate');
  });

  // Without it a client is never put to it that its connection is dead: it hears of everything when the cut ends.
  it('forgets the connections of a cut where it is told to, and takes new ones afterwards', async () => {
    const early = await client();
    early.say('one');
    await early.hears('one');
    proxy.cut({ forgets: true });
    const during = await client();
    during.say('two');
    proxy.pass();
    early.say('three');
    const late = await client();
    late.say('four');
    await late.hears('four');
    expect([early.heard, during.heard, text(received)]).toEqual(['one', '', 'onefour']);
  });

  it('lets all connections together have so many bytes a second, and no more', async () => {
    const clients = [await client(), await client()];
    proxy.slow(50_000);
    const begun = performance.now();
    for (const one of clients) one.say('x'.repeat(10_000));
    await Promise.all(clients.map((one) => one.hears('x'.repeat(10_000))));
    // Both directions work at once, but no echo is sent before its message is whole.
    expect(performance.now() - begun).toBeGreaterThan(350);
    clients[0]!.say('y'.repeat(1_000_000));
    proxy.pass();
    await clients[0]!.hears('x'.repeat(10_000) + 'y'.repeat(1_000_000));
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  async function client() {
    const socket = connect(proxy.port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    let bytes = '';
    socket.on('data', (chunk) => (bytes += chunk.toString('latin1')));
    return {
      socket,
      get heard(): string {
        return text(bytes);
      },
      say: (words: string): void => void socket.write(framed(words)),
      hears: (words: string) => vi.waitFor(() => expect(text(bytes)).toBe(words), { timeout: 10_000, interval: 5 }),
    };
  }

  /** What was sent has come as far as it can: what passes directly, sent later, has arrived. */
  async function settled(): Promise<void> {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    const before = received.length;
    await once(socket, 'connect');
    socket.end(framed(''));
    await vi.waitFor(() => expect(received.length).toBeGreaterThan(before), 10_000);
  }
});

/** With a header as Kafka's: length, number of the command and its version, id. */
function framed(words: string): Buffer {
  const message = Buffer.alloc(12 + words.length);
  message.writeInt32BE(message.length - LENGTH_BYTES, 0);
  message.write(words, 12, 'latin1');
  return message;
}

/** The words of messages, without their headers. */
function text(bytes: string): string {
  let [found, rest] = ['', Buffer.from(bytes, 'latin1')];
  while (rest.length >= 12) {
    const end = LENGTH_BYTES + rest.readInt32BE(0);
    found += rest.subarray(12, end).toString('latin1');
    rest = rest.subarray(end);
  }
  return found;
}
