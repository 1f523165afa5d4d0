import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KafkaBroker } from '../broker/kafka-broker.js';
import { startKafka } from '../broker/start-kafka.js';
import { contentOf, produce, producerOf } from '../testing/kafka-client.fixture.js';
import type { TcpProxy } from './tcp-proxy.js';

let broker: KafkaBroker;
let proxy: TcpProxy;
const topics = [{ name: 'one' }, { name: 'other' }, { name: 'third' }];

beforeAll(async () => {
  broker = await startKafka({ ephemeral: { proxied: true }, ignoreBrokers: true, topics });
  proxy = broker.proxy!;
}, 600_000);

afterEach(() => proxy.pass());
afterAll(() => broker.stop());

describe('a proxy in front of Kafka', () => {
  // Without the listener of its own the client is sent past the proxy by the first answer, and nothing is lost.
  it('lets the broker keep what its producer never hears of', async () => {
    const producer = await producerOf([proxy.address], 0);
    const loss = proxy.lose({ command: 'Produce', including: 'one', times: 1, by: 'closing' });
    await expect(producer.send({ topic: 'one', messages: [{ value: 'unheard' }] })).rejects.toThrow();
    expect(loss.lost).toBe(1);
    expect(await contentOf(broker.brokers, 'one')).toEqual(['unheard']);
  });

  it('makes a producer that is not idempotent send twice', async () => {
    const producer = await producerOf([proxy.address]);
    proxy.lose({ command: 'Produce', including: 'other', times: 1, by: 'closing' });
    await producer.send({ topic: 'other', messages: [{ value: 'twice' }] });
    expect(await contentOf(broker.brokers, 'other')).toEqual(['twice', 'twice']);
  });

  it('leaves those alone who come in directly', async () => {
    const loss = proxy.lose({ by: 'closing' });
    await produce(broker.brokers, 'third', 'heard');
    expect(loss.lost).toBe(0);
  });
});
