import { systemEnvironment, type PartitionReach } from '@nestfold/core';
import type { KafkaMessage } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { KafkaSubscription } from './kafka.subscription.js';

/** Messages that are no commits, from one offset to another. */
function messages(from: number, to: number): KafkaMessage[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    key: Buffer.from('garbage'),
    value: Buffer.from('garbage'),
    timestamp: '0',
    attributes: 0,
    offset: `${from + index}`,
    headers: {},
  }));
}

function subscription(
  from: number,
  reach: Partial<PartitionReach> = {},
  low: () => void = () => undefined,
): KafkaSubscription {
  return new KafkaSubscription(
    {
      topic: 'order',
      partition: 0,
      reach: async () => ({ partition: 0, earliest: 0, end: 1_000, ...reach }),
      thirsty: () => undefined,
      low,
      closed: () => undefined,
      check: () => undefined,
      sleep: (milliseconds, signal) => systemEnvironment.sleep(milliseconds, signal),
    },
    from,
  );
}

async function offsets(one: KafkaSubscription): Promise<number[]> {
  return (await one.next({ max: 100, waitMs: 5 })).messages.map(({ offset }) => offset);
}

describe('subscription to a partition', () => {
  it('gives each message once, whatever is fetched again', async () => {
    const one = subscription(0);
    expect([one.push(messages(0, 4), 10), one.push(messages(2, 6), 10), one.push(messages(0, 3), 10)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(await offsets(one)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  // Taken once as a hole of the broker's: then 100 to 499 were never read.
  it('takes nothing of what was fetched for another place, and asks for its own', async () => {
    const one = subscription(100);
    expect(one.push(messages(500, 510), 1_000)).toBe(false);
    expect(one.wanted).toBe(100);
    expect(one.push(messages(100, 102), 1_000)).toBe(true);
    expect(await offsets(one)).toEqual([100, 101, 102]);
  });

  it('passes over offsets that the broker has not, however often it is asked', async () => {
    const one = subscription(100);
    const answers = Array.from({ length: 5 }, () => one.push(messages(105, 106), 1_000));
    expect(answers).toEqual([false, false, false, false, true]);
    expect(await offsets(one)).toEqual([105, 106]);
  });

  it('stops where what it needs was cut, at the beginning and later [K-6]', async () => {
    await expect(subscription(3, { earliest: 5 }).next({ max: 1, waitMs: 1 })).rejects.toMatchObject({
      code: 'topic.cut',
    });
    const reach = { earliest: 0 };
    const one = new KafkaSubscription(
      {
        topic: 'order',
        partition: 0,
        reach: async () => ({ partition: 0, end: 1_000, ...reach }),
        thirsty: () => undefined,
        low: () => undefined,
        closed: () => undefined,
        check: () => undefined,
        sleep: () => Promise.resolve(),
      },
      3,
    );
    one.push(messages(3, 3), 1_000);
    expect(await offsets(one)).toEqual([3]);
    reach.earliest = 50;
    for (let time = 0; time < 5; time += 1) one.push(messages(50, 51), 1_000);
    await expect(one.next({ max: 1, waitMs: 1 })).rejects.toMatchObject({ code: 'topic.cut' });
  });

  it('stops where the topic is not the one that it read [K-6]', async () => {
    await expect(subscription(30, { end: 5 }).next({ max: 1, waitMs: 1 })).rejects.toMatchObject({
      code: 'topic.replaced',
    });
  });

  it('stops where the topic is made anew while it is read [K-6]', async () => {
    const reach = { end: 1_000 };
    const one = new KafkaSubscription(
      {
        topic: 'order',
        partition: 0,
        reach: async () => ({ partition: 0, earliest: 0, ...reach }),
        thirsty: () => undefined,
        low: () => undefined,
        closed: () => undefined,
        check: () => undefined,
        sleep: () => Promise.resolve(),
      },
      30,
    );
    one.push(messages(30, 31), 32);
    expect(await offsets(one)).toEqual([30, 31]);
    reach.end = 5;
    one.push(messages(0, 4), 5);
    await expect(one.next({ max: 1, waitMs: 1 })).rejects.toMatchObject({ code: 'topic.replaced' });
  });

  it('says when less waits than is enough to work on, so that more is fetched', async () => {
    let lows = 0;
    const one = subscription(0, {}, () => (lows += 1));
    one.push(messages(0, 2_999), 3_000);
    expect(one.hasEnough).toBe(true);
    await one.next({ max: 400, waitMs: 5 });
    expect([one.hasEnough, lows]).toEqual([true, 0]);
    await one.next({ max: 400, waitMs: 5 });
    expect([one.hasEnough, lows]).toEqual([false, 1]);
    await one.close();
    expect(lows).toBe(2);
  });

  // Read without a pause, a backlog keeps the answers of the database waiting until its end.
  it('lets others have their turn while much waits', async () => {
    const one = subscription(0);
    one.push(messages(0, 9), 10);
    await one.next({ max: 1, waitMs: 5 });
    let hadTurn = false;
    setImmediate(() => (hadTurn = true));
    await one.next({ max: 1, waitMs: 5 });
    expect(hadTurn).toBe(true);
  });

  it('fails when its client does, also one who waits', async () => {
    const one = subscription(0);
    const waiting = one.next({ max: 1, waitMs: 60_000 });
    await systemEnvironment.sleep(1);
    one.fail(new Error('crashed'));
    await expect(waiting).rejects.toThrow('crashed');
  });
});
