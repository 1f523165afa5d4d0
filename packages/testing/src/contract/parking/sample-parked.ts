import { randomUUID } from 'node:crypto';
import { Decimal, parkedStreamId, storeTime, type Commit, type ParkedRequest, type ParkedStream } from '@nestfold/core';

/** A stream that is parked behind its second event. */
export function sampleParked(
  consumer: string,
  stream: string,
  key: string,
  more: Partial<ParkedStream> = {},
): ParkedStream {
  const error = {
    code: 'projection.failed',
    message: 'no',
    event: `${stream}:2`,
    type: 'order.placed',
    method: 'Orders.placed',
  };
  const at = new Date(1_000);
  return {
    id: parkedStreamId(consumer, stream),
    consumer,
    name: 'orders',
    stream,
    key,
    applied: 1,
    seen: 1,
    error,
    attempts: 1,
    history: [{ at, error }],
    at,
    ...more,
  };
}

/** A commit as it came by a topic: one event, and two where its version is 3; its data holds what JSON would lose. */
export function heldCommit(stream: string, firstVersion: number): Commit {
  const event = { type: 'order.placed', schema: 1, data: { at: new Date(5), total: Decimal.of('12.50') } };
  return {
    stream,
    firstVersion,
    id: randomUUID(),
    keyed: false,
    events: firstVersion === 3 ? [event, event] : [event],
    metadata: { correlationId: 'c', causationId: 'u' },
    occurredAt: new Date(1_000),
    recordedAt: new Date(2_000),
    time: storeTime(firstVersion, 0),
  };
}

/** A request of its own. */
export function sampleRequest({ error }: ParkedStream, more: Partial<ParkedRequest> = {}): ParkedRequest {
  return { id: randomUUID(), kind: 'retry', by: 'ada', at: new Date(2_000), event: error.event, ...more };
}
