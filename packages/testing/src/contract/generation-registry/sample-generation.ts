import type { Generation, HeldToken, NewGeneration, StoreConnection } from '@nestfold/core';

/** A generation to begin. */
export function newGeneration(projection: string, more: Partial<NewGeneration> = {}): NewGeneration {
  return {
    projection,
    version: 1,
    readModels: ['order_view', 'customer_card'],
    partitions: 1,
    epoch: 'e1',
    startedBy: 'ada',
    ...more,
  };
}

/** Claims a checkpoint, as one who feeds the generation has done. */
export async function heldToken(store: StoreConnection, key: string): Promise<HeldToken> {
  await store.checkpoints.claim(key, 1);
  return { key, token: 1 };
}

/** Begins a generation and makes it the live one, with nothing held. */
export async function liveGeneration(store: StoreConnection, projection: string): Promise<Generation> {
  const generation = await store.generations.begin(newGeneration(projection));
  const swapped = await store.generations.swap({ generation, by: 'ada', held: [] });
  if (!swapped) throw new Error(`The first swap of '${projection}' was refused.`);
  return generation;
}
