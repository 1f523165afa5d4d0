import {
  CommittedEventContext,
  envelopesOf,
  NestfoldError,
  plainEventData,
  type Commit,
  type EventEnvelope,
  type EventTypes,
  type StoredEvent,
} from '@nestfold/core';
import { copyOf } from '../fold/storable.js';
import type { PublicationDefinition } from './publication-definition.js';

/** What stands in the place of an event that is not told: so the versions of a stream stay whole, by which readers see what is lost or comes twice. */
export const WITHHELD = '$withheld';

/** A method of a publication failed. Nothing behind its event is sent until it answers: mend the class, and deploy. */
export class PublicationFailed extends NestfoldError {
  readonly code = 'publication.failed';
  readonly retry = 'later';

  constructor(method: string, event: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${method} could not tell of '${event}': ${reason}`, { method, event }, { cause });
  }
}

/**
 * A commit as others are told of it: each event as the publication makes it, or withheld; who acted, and what the application noted, is left out. Throws
 * `PublicationFailed`.
 */
export function publishedCommit(commit: Commit, definition: PublicationDefinition, types: EventTypes): Commit {
  const { correlationId, causationId, tenant, traceparent } = commit.metadata;
  return {
    ...commit,
    events: envelopesOf(commit).map((event) => publishedEvent(event, definition, types)),
    metadata: {
      correlationId,
      causationId,
      ...(tenant !== undefined && { tenant }),
      ...(traceparent !== undefined && { traceparent }),
    },
  };
}

function publishedEvent(event: EventEnvelope, { mappings }: PublicationDefinition, types: EventTypes): StoredEvent {
  const mapping = mappings.get(event.type);
  if (mapping === undefined) return { type: WITHHELD, schema: 1, data: {} };
  try {
    // Others hold the stored data too.
    const revived = types.revive({ ...event, data: copyOf(event.data) }, event.id);
    const data = mapping.map(revived, new CommittedEventContext(event, event.version));
    if (data === undefined) return { type: WITHHELD, schema: 1, data: {} };
    const { name, version } = mapping.as;
    return { type: name, schema: version, data: plainEventData(name, data) };
  } catch (error) {
    throw new PublicationFailed(mapping.method, event.id, error);
  }
}
