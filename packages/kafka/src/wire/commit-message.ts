import type { Metadata, RelayedCommit } from '@nestfold/core';
import { toEjson } from './ejson.js';
import { RELAY, relayHeaderOf } from './relay-header.js';

/** A message as it is given to a broker. */
export interface CommitMessage {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The type of a message that carries several events. */
export const SEVERAL = 'nestfold.commit';

/** A commit as a message: key and order are the stream's, the value holds the events, the headers describe them as CloudEvents do (binary mode). */
export function commitMessage(relayed: RelayedCommit, source: string): CommitMessage {
  const { stream, firstVersion, events, metadata, occurredAt, recordedAt } = relayed.commit;
  const [first] = events;
  return {
    key: stream,
    value: toEjson({
      id: relayed.commit.id,
      // Of most commits it is the time of the header.
      ...(recordedAt.getTime() !== occurredAt.getTime() && { recordedAt }),
      events: events.map(({ type, schema, data }) => ({ type, schema, data })),
      ...carried(metadata),
    }),
    headers: {
      ce_specversion: '1.0',
      ce_id: `${stream}:${firstVersion}`,
      ce_source: source,
      ce_type: events.length === 1 && first ? first.type : SEVERAL,
      ce_time: occurredAt.toISOString(),
      ce_subject: stream,
      'content-type': 'application/json',
      correlationid: metadata.correlationId,
      causationid: metadata.causationId,
      ...(metadata.traceparent !== undefined && { traceparent: metadata.traceparent }),
      stream,
      version: `${firstVersion}`,
      count: `${events.length}`,
      schema: events.map(({ schema }) => schema).join(','),
      [RELAY]: relayHeaderOf(relayed),
    },
  };
}

/** What of the metadata has no header. What only commands need (keys and the hashes of their bodies) stays in the store. */
function carried({ actor, tenant, custom }: Metadata): Partial<Pick<Metadata, 'actor' | 'tenant' | 'custom'>> {
  return { ...(actor && { actor }), ...(tenant !== undefined && { tenant }), ...(custom && { custom }) };
}

/** Bytes of a message, about. */
export function sizeOf({ key, value, headers }: CommitMessage): number {
  let bytes = Buffer.byteLength(value) + 2 * key.length + 64;
  for (const name in headers) bytes += name.length + headers[name]!.length + 4;
  return bytes;
}
