import { envelopesOf, type ParkedRequest, type ParkedStream, type StoreConnection } from '@nestfold/core';
import { ProjectionFold, projectionDefinitionOf } from '@nestfold/projections';
import { altered } from '../altered.js';
import { ledgerScenario } from '../ledger/ledger.scenario.js';
import type { Network } from '../network.js';
import type { Mutant } from './mutant.fixture.js';

/** A request is executed by whoever is asked, beside the owner of the partition: it races the parking, and what comes meanwhile is lost or overtakes. */
export const redriveFromOutside: Mutant = {
  name: 'redrive from outside the owner',
  shows: ['read-model-equals-fold', 'settled'],
  // Much is parked, and tried again while its streams are written.
  profile: { poison: true, troubles: ['redrive'], troubleMs: 150, clientPauseMs: 40, clients: 3 },
  alter: (store, { network }) => ({
    ...store,
    parked: altered(store.parked, {
      request: async (id, request) => {
        const parked = await store.parked.get(id);
        if (parked !== undefined) await execute(store, network, parked, request);
        return parked;
      },
    }),
  }),
};

async function execute(
  store: StoreConnection,
  network: Network,
  { id, consumer, stream, applied, seen }: ParkedStream,
  { kind, event: failing }: ParkedRequest,
): Promise<void> {
  const generation = await store.generations.generation(consumer);
  const definition = ledgerScenario.projections
    .map(projectionDefinitionOf)
    .find(({ name }) => name === generation?.projection);
  if (generation === undefined || definition === undefined) return;
  const { commits } = await store.events.read(stream, { fromVersion: applied + 1, toVersion: seen });
  const fold = new ProjectionFold(definition, ledgerScenario.types, generation.collections, generation.slicing).begin();
  try {
    for (const commit of commits)
      for (const event of envelopesOf(commit)) if (kind === 'retry' || event.id !== failing) fold.add(event);
  } catch {
    return;
  }
  await network.clock.pass(network.latency());
  // Under a checkpoint of its own: nothing that the owner does keeps it back.
  const key = `handler:outside/${network.chance.uuid()}`;
  const claimed = await store.checkpoints.claim(key, 1);
  const writer = await store.checkpoints.openWriter(key);
  const position = { phase: 'history', began: '', horizon: '' } as const;
  const batch = { key, token: 1, previous: claimed?.batch ?? '', id: network.chance.uuid(), position };
  await writer.write({ ...batch, parked: { unpark: [id] } }, (models) => fold.apply(models));
}
