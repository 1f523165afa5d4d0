import type { Generation } from '@nestfold/core';

/** Under which key a generation's partition has its lease and checkpoint. There is one partition a generation. */
export function partitionKey({ id }: Pick<Generation, 'id'>): string {
  return `${id}/0`;
}

/** Under which key an events handler has its lease and checkpoint. */
export function handlerKey(name: string): string {
  return `handler:${name}`;
}
