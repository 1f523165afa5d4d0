import { sliceRange, type Generation, type SliceRange } from '@nestfold/core';

/** Under which key a partition of a generation has its lease, its checkpoint and its watermarks. */
export function partitionKey({ id }: Pick<Generation, 'id'>, partition: number): string {
  return `${id}/${partition}`;
}

/** The keys of all partitions of a generation, in their order. */
export function partitionKeys(generation: Pick<Generation, 'id' | 'partitions'>): string[] {
  return Array.from({ length: generation.partitions }, (_, partition) => partitionKey(generation, partition));
}

/** The slices that a partition of a generation owns; `undefined` where it owns all. */
export function slicesOf({ partitions }: Pick<Generation, 'partitions'>, partition: number): SliceRange | undefined {
  return partitions === 1 ? undefined : sliceRange(partition, partitions);
}

/** Under which key the right to swap generations of a projection version is leased. */
export function swapKey({ projection, version }: Pick<Generation, 'projection' | 'version'>): string {
  return `${projection}.${version}/swap`;
}

/** Under which key an events handler has its lease and checkpoint. */
export function handlerKey(name: string): string {
  return `handler:${name}`;
}

/** Under which key the relay of a topic has its lease and checkpoint. */
export function relayKey(topic: string): string {
  return `relay:${topic}`;
}
