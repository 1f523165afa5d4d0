import type { StreamName } from '../stream/stream-name.js';
import type { StoredEvent } from '../event/event.js';

/** An event's payload on its way to or from the store. */
export interface CodecItem {
  readonly stream: StreamName;
  readonly event: StoredEvent;
}

/**
 * A stage between events and the store, for encryption and erasure: asynchronous and in batches, so that keys are fetched
 * once. Answers the events in the order given, of plain data. `decode` of an `encode` is the identity. Where `decode` throws it is asked for each event
 * by itself, and what fails then is as an event that cannot be read: throw an error with `retry: 'later'` for what passes.
 */
export interface PayloadCodec {
  encode(items: readonly CodecItem[]): Promise<readonly StoredEvent[]>;
  decode(items: readonly CodecItem[]): Promise<readonly StoredEvent[]>;
}
