import type { Generation, InMemoryDatabase } from '@nestfold/core';
import { projectionDefinitionOf, readModelDefinitionOf } from '@nestfold/projections';
import type { Violation } from '../history/history.js';
import type { Scenario } from './scenario.js';

/** At the moment of a swap: what readers saw in the former live generation they see in the new one. To be called right after the pointer has moved. */
export function judgeSwap(
  database: InMemoryDatabase,
  { models, projections }: Scenario,
  { id }: Generation,
): Violation[] {
  const shown = database.generations.get(id);
  const entry = shown && database.registry.get(`${shown.projection}.${shown.version}`);
  const former = [...database.generations.values()].find(
    (one) => one.projection === shown?.projection && one.version === shown.version && one.number === entry?.previous,
  );
  if (shown === undefined || former === undefined) return [];
  // Without transactions a document may be ahead of its checkpoint.
  const definition = projections.map(projectionDefinitionOf).find(({ name }) => name === shown.projection);
  if (definition?.mode === 'plain') return [];
  return models.flatMap(({ model, progressOf }) => {
    const { name } = readModelDefinitionOf(model);
    const before = documentsOf(database, former, name);
    const after = new Map(documentsOf(database, shown, name).map((document) => [document._id, document]));
    return before.flatMap((document): Violation[] => {
      const now = after.get(document._id);
      const [from, to] = [progressOf(document), now === undefined ? 0 : progressOf(now)];
      if (to >= from) return [];
      const subject = `${shown.id} ${name}/${document._id}`;
      return [
        { rule: 'reads-monotone', subject, message: `${subject}: the swap takes readers back from ${from} to ${to}.` },
      ];
    });
  });
}

function documentsOf(database: InMemoryDatabase, { collections }: Generation, name: string) {
  return [...(database.collections.get(collections[name] ?? '')?.documents.values() ?? [])];
}
