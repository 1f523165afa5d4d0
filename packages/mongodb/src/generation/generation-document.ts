import type { Generation, NewGeneration, PendingSwap, RegistryEntry } from '@nestfold/core';
import { checkpointPosition, positionDocument, type PositionDocument } from '../checkpoint/checkpoint-document.js';

/** The key of a projection version's entry. The order of its fields is part of the key. */
export interface EntryKey {
  readonly projection: string;
  readonly version: number;
}

/** An entry as it is stored. */
export interface EntryDocument extends Omit<RegistryEntry, 'projection' | 'version'> {
  readonly _id: EntryKey;
  /** The highest number that was ever given. */
  readonly numbers: number;
  /** Names the step that changed the entry last: one whose outcome was unknown recognises itself. */
  readonly step: string;
  /** Its version was dropped; only the numbers count. */
  readonly gone?: true;
}

/** A generation as it is stored. */
export type GenerationDocument = Omit<Generation, 'id' | 'swap'> & {
  readonly _id: string;
  readonly swap?: SwapDocument;
};

/** A swap under way, as it is stored. */
export interface SwapDocument {
  readonly id: string;
  readonly target: PositionDocument;
}

/** The stored form of a swap under way. */
export function swapDocument({ id, target }: PendingSwap): SwapDocument {
  return { id, target: positionDocument(target) };
}

/** The key of an entry. */
export function entryKey({ projection, version }: EntryKey): EntryKey {
  return { projection, version };
}

/** The id of a generation. */
export function generationId({ projection, version }: EntryKey, number: number): string {
  return `${projection}.${version}.${number}`;
}

/** The entry that a document describes. */
export function entryOf({ _id, numbers: _numbers, step: _step, gone: _gone, ...entry }: EntryDocument): RegistryEntry {
  return { ..._id, ...entry };
}

/** The generation that a document describes. */
export function generationOf({ _id, swap, ...generation }: GenerationDocument): Generation {
  return {
    id: _id,
    ...generation,
    ...(swap && { swap: { id: swap.id, target: checkpointPosition(swap.target) } }),
  };
}

/** The document of a generation that begins; its collections are named after it, so they are never used again either. */
export function newGenerationDocument(begun: NewGeneration, number: number, startedAt: Date): GenerationDocument {
  const { projection, version, readModels, partitions, slicing, throttle, epoch, startedBy } = begun;
  return {
    _id: generationId(begun, number),
    projection,
    version,
    number,
    state: 'building',
    // The projection's name is in it: another one may have a read model of the same name.
    collections: Object.fromEntries(readModels.map((name) => [name, `${projection}.${name}.v${version}.g${number}`])),
    partitions,
    ...(slicing && { slicing }),
    ...(throttle !== undefined && { throttle }),
    epoch,
    progress: { processed: 0, total: 0, rate: 0 },
    startedBy,
    startedAt,
  };
}
