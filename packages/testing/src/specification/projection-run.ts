import { randomUUID } from 'node:crypto';
import {
  envelopesOf,
  EventTypes,
  inMemory,
  silentLogger,
  systemEnvironment,
  storeTime,
  type Ctor,
  type EventEnvelope,
  type StoredDocument,
} from '@nestfold/core';
import { ProjectionFold, readModelDefinitionOf, type ProjectionDefinition } from '@nestfold/projections';
import { withPartition } from '../contract/checkpoint/sample-partition.js';
import type { GivenEvent } from './projection-words.js';

/** Reads a document of a read model as the projection left it. */
export type ReadDocument = (model: Ctor<object>, id: string) => Promise<StoredDocument | undefined>;

/** Folds events into an empty in-memory store, all in one batch. Throws what the projection throws, as `ProjectionFailed`. */
export async function projected(definition: ProjectionDefinition, given: readonly GivenEvent[]): Promise<ReadDocument> {
  const types = EventTypes.of([...definition.events.map(({ event }) => event), ...given.map(({ event }) => event)]);
  const collections = Object.fromEntries(definition.readModels.map(({ name }) => [name, name]));
  const store = await inMemory().connect({ environment: systemEnvironment, logger: silentLogger });
  const batch = new ProjectionFold(definition, types, collections).begin();
  for (const event of envelopes(given, types)) batch.add(event);
  await withPartition(store, 'specification', (partition) => partition.write((models) => batch.apply(models)));
  return (model, id) => store.readModels.findById(readModelDefinitionOf(model).name, id);
}

/** Each event is a commit of its own; versions are counted by stream. */
function envelopes(given: readonly GivenEvent[], types: EventTypes): EventEnvelope[] {
  const versions = new Map<string, number>();
  return given.flatMap(({ event, data, place }, index) => {
    const {
      stream = 'specification-1',
      occurredAt = new Date(Date.UTC(2024, 0, 1)),
      recordedAt = occurredAt,
      metadata,
    } = place;
    const firstVersion = (versions.get(stream) ?? 0) + 1;
    versions.set(stream, firstVersion);
    return envelopesOf({
      stream,
      firstVersion,
      id: randomUUID(),
      keyed: false,
      events: [types.newEvent(event, data)],
      metadata: { correlationId: 'specification', causationId: 'specification', ...metadata },
      occurredAt,
      recordedAt,
      time: storeTime(1, index),
    });
  });
}
