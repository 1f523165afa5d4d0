import { TransportUnavailable, type KeptMessage, type PartitionReach, type RefusedQuery } from '@nestfold/core';
import type { KafkaMessage } from 'kafkajs';
import { MessageHeaders } from '../wire/message-headers.js';
import type { KafkaReader } from './kafka.reader.js';

/** A look of an operator's waits for a broker this long, in milliseconds; a group's first join takes some seconds. */
const [PATIENCE_MS, WAIT_MS] = [15_000, 200];

/** A page of the messages that stand in the only partition of a topic, read by a reader that is closed behind it. Throws `TransportUnavailable`. */
export async function keptMessages(
  reader: KafkaReader,
  { earliest, end }: PartitionReach,
  { limit, after = -1 }: RefusedQuery,
): Promise<readonly KafkaMessage[]> {
  const from = Math.max(earliest, after + 1);
  if (limit === 0 || from >= end) return [];
  try {
    const subscription = reader.open(0, from);
    const found: KafkaMessage[] = [];
    for (let [next, waited] = [from, 0]; next < end && found.length < limit; waited += WAIT_MS) {
      const batch = await subscription.next({ max: limit - found.length, waitMs: WAIT_MS });
      next = batch.next;
      found.push(...batch.messages.map(({ raw }) => raw as KafkaMessage));
      if (waited > PATIENCE_MS && next < end)
        throw new TransportUnavailable('The broker does not send the refused messages.');
    }
    return found;
  } finally {
    await reader.close();
  }
}

/**
 * A message as it stands in the topic of what was refused. Whoever may write there can have written it, so it is shown, and nothing rests on it.
 */
export function keptMessageOf(topic: string, message: KafkaMessage): KeptMessage {
  const header = lenient(new MessageHeaders(message));
  const stream = header('dlq-stream');
  return {
    id: Number(message.offset),
    at: timeOf(message),
    topic,
    partition: numberOf(header('dlq-origin-partition')),
    offset: numberOf(header('dlq-origin-offset')),
    reason: header('dlq-reason') || 'unknown',
    consumer: header('dlq-consumer') || 'unknown',
    ...(stream && { stream }),
  };
}

/** One that is given several times is none. */
function lenient(headers: MessageHeaders): (name: string) => string | undefined {
  return (name) => {
    try {
      return headers.text(name);
    } catch {
      return undefined;
    }
  };
}

/** Whoever writes to the topic says when, and may say what is no time: the page would fail for it, and all behind it with it. */
function timeOf({ timestamp }: KafkaMessage): Date {
  const at = new Date(Number(timestamp));
  return Number.isNaN(at.getTime()) ? new Date(0) : at;
}

function numberOf(text: string | undefined): number {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : -1;
}
