import { isNestfoldError } from '../error/nestfold.error.js';
import type { StoredEvent } from '../event/event.js';
import type { CodecItem, PayloadCodec } from './payload-codec.port.js';

/**
 * Decodes payloads all at once. Where that fails, one by one: an event that cannot be decoded is answered with `undecodable`, so that it harms only who
 * reads it. An error that the framework knows as passing (`retry: 'later'`) is thrown: then nothing is wrong with the events.
 */
export async function decodePayloads(
  codec: PayloadCodec,
  items: readonly CodecItem[],
): Promise<readonly StoredEvent[]> {
  try {
    return await codec.decode(items);
  } catch (error) {
    if (isPassing(error)) throw error;
    if (items.length > 1) return (await Promise.all(items.map((item) => decodePayloads(codec, [item])))).flat();
    const reason = error instanceof Error ? error.message : String(error);
    return items.map(({ event: { type, schema } }) => ({ type, schema, data: {}, undecodable: reason }));
  }
}

function isPassing(error: unknown): boolean {
  return isNestfoldError(error) && error.retry === 'later';
}
