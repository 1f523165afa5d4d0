import type { RefusedMessage } from '@nestfold/core';
import type { Kafka, ProducerRecord } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { RefusedMessages } from './refused-messages.js';

const MEGABYTE = Buffer.alloc(1_000_000, 'x');

/** What is kept of a message. */
async function kept(raw: object) {
  const sent: ProducerRecord[] = [];
  const nothing = (): Promise<void> => Promise.resolve();
  const producer = {
    on: nothing,
    connect: nothing,
    disconnect: nothing,
    send: async (one: ProducerRecord) => sent.push(one),
  };
  const refused = { topic: 'order', partition: 0, offset: 1, reason: 'odd', consumer: 'orders', raw } as RefusedMessage;
  await new RefusedMessages({ producer: () => producer } as unknown as Kafka).keep(refused);
  return sent[0]!.messages[0]!;
}

describe('a refused message', () => {
  const [key, value, headers] = [Buffer.from('order-1'), Buffer.from('{}'), { stream: Buffer.from('order-1') }];

  it('is kept as it came, with the reason', async () => {
    expect(await kept({ key, value, headers })).toMatchObject({
      key,
      value,
      headers: { ...headers, 'dlq-reason': 'odd', 'dlq-origin-offset': '1' },
    });
  });

  it('is kept without its value where that is huge', async () => {
    const { key: name, value: left, headers: head } = await kept({ key, value: MEGABYTE, headers });
    expect([name, left]).toEqual([key, null]);
    expect(head).toMatchObject({ ...headers, 'dlq-left-out-bytes': '1000000' });
  });

  // With a look at the value alone it was sent as a whole, which a broker that had just taken it did not take with the reason added.
  it.each([
    ['its key', { key: MEGABYTE, value, headers: {} }, '1000002'],
    ['a header', { key, value, headers: { huge: MEGABYTE } }, '1000013'],
    ['one header in pieces', { key, value, headers: { huge: [MEGABYTE, MEGABYTE] } }, '2000017'],
  ])('is kept with the reason alone where %s is huge [K-5]', async (_what, raw, bytes) => {
    const { key: name, value: left, headers: head } = await kept(raw);
    expect([name, left]).toEqual([null, null]);
    expect(head).toMatchObject({ 'dlq-reason': 'odd', 'dlq-left-out-bytes': bytes });
    expect(head).not.toHaveProperty('huge');
  });
});
