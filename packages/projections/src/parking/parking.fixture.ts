import { parkedStreamId, type StoreConnection, type Type } from '@nestfold/core';
import { expect, vi } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection, type OnPoison, type Slicing } from '../definition/projection.decorator.js';
import { writes } from '../definition/writes.js';
import { CustomerCard, CustomerRenamed } from '../fixtures/shop.fixture.js';
import { append, fact } from '../fixtures/store.fixture.js';
import type { ProjectionEngine } from '../engine/projection-engine.js';

/** A projection that writes down in which order it was told what, and fails where it is told to. */
export function diary(
  fails: (told: string) => boolean,
  { onPoison = 'park', slicing = 'single' }: { readonly onPoison?: OnPoison; readonly slicing?: Slicing } = {},
): Type<object> {
  @Projection('diary', { version: 1, readModels: [CustomerCard], onPoison, slicing })
  class Diary {
    @On(CustomerRenamed) told({ customerId, name }: CustomerRenamed) {
      if (fails(name)) throw new RangeError(`cannot write down '${name}'`);
      return writes(CustomerCard).reduce(customerId, (card) => ({ name: `${card?.name ?? ''}${name}` }));
    }
  }
  return Diary;
}

/** Appends to a stream, each told thing as a commit of its own. */
export async function tell(store: StoreConnection, id: string, ...told: string[]): Promise<void> {
  for (const name of told) await append(store, `customer-${id}`, fact(CustomerRenamed, { customerId: id, name }));
}

/** What was written down of a stream. */
export async function written(one: ProjectionEngine, id: string): Promise<string | undefined> {
  return (await one.readModel(CustomerCard).findById(id))?.name;
}

/** The dead letter of a stream's only projection, when there is one. */
export async function letterOf(one: ProjectionEngine, id: string) {
  const { deadLetters } = await one.deadLetters();
  return deadLetters.find(({ stream }) => stream === `customer-${id}`);
}

/** Waits until a stream waits no longer. */
export function isFree(one: ProjectionEngine, id: string): Promise<void> {
  return vi.waitFor(async () => expect(await letterOf(one, id)).toBeUndefined(), { timeout: 10_000 });
}

/** Waits until a stream is parked, so often failed. */
export async function isParked(one: ProjectionEngine, id: string, attempts = 1, event?: string) {
  return vi.waitFor(
    async () => {
      const letter = await letterOf(one, id);
      expect([letter?.attempts, letter?.error.event]).toEqual([attempts, event ?? letter?.error.event]);
      return letter!;
    },
    { timeout: 10_000 },
  );
}

/** The id under which a stream of a generation is parked. */
export const idIn = (generation: string, id: string): string => parkedStreamId(generation, `customer-${id}`);
