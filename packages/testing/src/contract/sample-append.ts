import { randomUUID } from 'node:crypto';
import type {
  CommitReceipt,
  ExpectedVersion,
  NewEvent,
  StoreConnection,
  StreamAppend,
  StreamName,
} from '@nestfold/core';

/** What a case may say about an append; the rest is made up. */
export interface SampleAppend {
  readonly events?: readonly NewEvent[];
  /** So many events instead of one, unless `events` says which. */
  readonly count?: number;
  readonly commitId?: string;
  readonly keyed?: boolean;
  readonly bodyHash?: string;
  readonly occurredAt?: Date;
}

/** An event of the contract's own type. */
export function sampleEvent(data: object = { note: 'sample' }, type = 'contract.sampled', schema = 1): NewEvent {
  return { type, schema, data };
}

/** An append of one sample event, or of what is said. */
export function sampleAppend(stream: StreamName, expected: ExpectedVersion, sample: SampleAppend = {}): StreamAppend {
  const { events, count = 1, commitId = randomUUID(), ...rest } = sample;
  return {
    stream,
    expected,
    events: events ?? Array.from({ length: count }, (_, index) => sampleEvent({ index })),
    commitId,
    metadata: { correlationId: randomUUID(), causationId: randomUUID() },
    ...rest,
  };
}

/** Appends to one stream and answers its receipt. */
export async function append(
  store: StoreConnection,
  stream: StreamName,
  expected: ExpectedVersion,
  sample: SampleAppend = {},
): Promise<CommitReceipt> {
  const [receipt] = await store.events.append([sampleAppend(stream, expected, sample)]);
  if (receipt === undefined) throw new Error('The store answered no receipt.');
  return receipt;
}
