import type { PayloadCodec } from '../codec/payload-codec.port.js';
import { CommitTooLarge, InvalidEvent } from '../error/store.errors.js';
import type { NewEvent } from '../event/event.js';
import { plainCopy, plainEventData } from '../event/plain-data.js';
import type { StreamAppend } from '../store/append.js';

const MAX_BYTES = 8 * 1024 * 1024;

/**
 * An append as it is to be stored: copied, encoded and measured, so that it shares nothing with its caller.
 * Throws `InvalidEvent` and `CommitTooLarge`.
 */
export async function prepareAppend(append: StreamAppend, codec: PayloadCodec | undefined): Promise<StreamAppend> {
  const { stream, occurredAt, recordedAt } = append;
  if (append.events.length === 0) throw new InvalidEvent(`An append to '${stream}' has no events.`, { stream });
  const plain = append.events.map(copyEvent);
  const encoded = codec ? await codec.encode(plain.map((event) => ({ stream, event }))) : plain;
  const bytes = Buffer.byteLength(JSON.stringify(encoded));
  if (bytes > MAX_BYTES) throw new CommitTooLarge(stream, bytes, MAX_BYTES);
  return {
    ...append,
    events: codec ? encoded.map(copyEvent) : encoded,
    metadata: plainCopy(append.metadata),
    ...(occurredAt && { occurredAt: new Date(occurredAt) }),
    ...(recordedAt && { recordedAt: new Date(recordedAt) }),
  };
}

function copyEvent({ type, schema, data }: NewEvent): NewEvent {
  return { type, schema, data: plainEventData(type, data) };
}
