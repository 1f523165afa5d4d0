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
 * An event that this build does not know, and so cannot tell whether others are to hear of it. Nothing behind it is sent from here; a newer build takes the
 * topic over, or the event's class is to be registered again.
 */
export class PublicationUnknown extends NestfoldError {
  readonly code = 'publication.unknown-event';
  readonly retry = 'later';

  constructor(type: string, schema: number, event: string) {
    super(
      `'${event}' is a '${type}', version ${schema}, which this build does not know, so it cannot say whether to tell of it: let a newer build relay, or register the class with the application's events.`,
      { type, schema, event },
    );
  }
}

/**
 * A commit as others are told of it: each event as the publication makes it, or withheld; who acted, and what the application noted, is left out. Throws
 * `PublicationFailed` and `PublicationUnknown`.
 */
export function publishedCommit(commit: Commit, definition: PublicationDefinition, types: EventTypes): Commit {
  const { correlationId, causationId, tenant, traceparent } = commit.metadata;
  // Field by field: a store's commit may work some of them out when they are asked for, which a copy by spreading loses.
  return {
    stream: commit.stream,
    firstVersion: commit.firstVersion,
    id: commit.id,
    keyed: false,
    occurredAt: commit.occurredAt,
    recordedAt: commit.recordedAt,
    time: commit.time,
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
  const { type, schema, data, id } = event;
  // A newer build may tell of it: once this one has passed it, nobody does any more.
  if (types.judge(type, schema) !== 'known') throw new PublicationUnknown(type, schema, id);
  const mapping = mappings.get(type);
  // Of an outbox: made for others.
  if (mapping === undefined && types.isIntegration(type)) return { type, schema, data };
  if (mapping === undefined) return { type: WITHHELD, schema: 1, data: {} };
  try {
    // Others hold the stored data too.
    const revived = types.revive({ ...event, data: copyOf(event.data) }, event.id);
    const made = mapping.map(revived, new CommittedEventContext(event, event.version));
    if (made === undefined) return { type: WITHHELD, schema: 1, data: {} };
    const { name, version } = mapping.as;
    return { type: name, schema: version, data: plainEventData(name, made) };
  } catch (error) {
    throw new PublicationFailed(mapping.method, event.id, error);
  }
}
