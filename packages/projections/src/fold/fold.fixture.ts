import type { EventEnvelope, ReadModelWriter, StoreConnection } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import { shopEvents } from '../fixtures/shop.fixture.js';
import { ProjectionFold } from './projection-fold.js';

/** Folds events into collections named as the read models, each group in one batch and one transaction. */
export async function foldInto(
  connection: StoreConnection,
  definition: ProjectionDefinition,
  groups: readonly (readonly EventEnvelope[])[],
  watch: (writer: ReadModelWriter) => ReadModelWriter = (writer) => writer,
): Promise<void> {
  const collections = Object.fromEntries(definition.readModels.map(({ name }) => [name, name]));
  for (const name of Object.keys(collections)) await connection.readModels.create(name);
  const fold = new ProjectionFold(definition, shopEvents, collections);
  const key = 'fold';
  const claimed = await connection.checkpoints.claim(key, 1);
  const writer = await connection.checkpoints.openWriter(key);
  let previous = claimed!.batch;
  for (const events of groups) {
    const batch = fold.begin();
    for (const event of events) batch.add(event);
    const id = crypto.randomUUID();
    await writer.write({ key, token: 1, previous, id, position: { phase: 'history', began: '', horizon: '' } }, (models) => batch.apply(watch(models)));
    previous = id;
  }
  await writer.close();
}
