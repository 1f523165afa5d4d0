import { isInvalidEvent, type EventTypes, type StoredEvent } from '@nestfold/core';
import { copyOf } from '../fold/storable.js';

/**
 * Why an integration event that has arrived will not be applied; `undefined` for a good one, and for events that are not told between services. The same
 * reading as the projection's own, beforehand, so that the message is kept with its reason beside the topic, too.
 */
export function unfitArrival(types: EventTypes, event: StoredEvent, id: string): string | undefined {
  if (!types.isIntegration(event.type)) return undefined;
  try {
    types.revive({ ...event, data: copyOf(event.data) }, id);
    return undefined;
  } catch (error) {
    if (!isInvalidEvent(error)) throw error;
    return error.message;
  }
}
