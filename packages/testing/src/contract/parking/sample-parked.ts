import { randomUUID } from 'node:crypto';
import { parkedStreamId, type ParkedRequest, type ParkedStream } from '@nestfold/core';

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

/** A request of its own. */
export function sampleRequest({ error }: ParkedStream, more: Partial<ParkedRequest> = {}): ParkedRequest {
  return { id: randomUUID(), kind: 'retry', by: 'ada', at: new Date(2_000), event: error.event, ...more };
}
