import type { StreamName } from './stream-name.js';

/** The number of slices; fixed for ever, since slices are stored. */
export const SLICES = 1024;

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
const encoder = new TextEncoder();

/** The slice of a stream, 0…1023: FNV-1a 32 of the UTF-8 name, modulo 1,024. */
export function sliceOf(stream: StreamName): number {
  let hash = OFFSET;
  for (let index = 0; index < stream.length; index += 1) {
    const code = stream.charCodeAt(index);
    // Nearly all names are ASCII, of which the units are the bytes: encoding each would be felt in every append.
    if (code > 0x7f) return sliceOfBytes(encoder.encode(stream));
    hash = Math.imul(hash ^ code, PRIME);
  }
  return (hash >>> 0) % SLICES;
}

/** Slices from `from` up to, but without, `to`. */
export interface SliceRange {
  readonly from: number;
  readonly to: number;
}

/** The slices that partition `partition` (0…) of so many owns. Each slice has one owner. Throws `RangeError` for more partitions than slices. */
export function sliceRange(partition: number, partitions: number): SliceRange {
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > SLICES)
    throw new RangeError(`There can be 1 to ${SLICES} partitions, not ${partitions}.`);
  if (!Number.isInteger(partition) || partition < 0 || partition >= partitions)
    throw new RangeError(`Partition ${partition} is none of 0 to ${partitions - 1}.`);
  const begin = (of: number): number => Math.floor((of * SLICES) / partitions);
  return { from: begin(partition), to: begin(partition + 1) };
}

/** The partition, of so many, that owns a stream. */
export function partitionOf(stream: StreamName, partitions: number): number {
  return Math.floor(((sliceOf(stream) + 1) * partitions - 1) / SLICES);
}

/** Whether a stream lies in a range of slices; every stream where there is none. */
export function isInSlices(stream: StreamName, slices: SliceRange | undefined): boolean {
  if (slices === undefined) return true;
  const slice = sliceOf(stream);
  return slices.from <= slice && slice < slices.to;
}

function sliceOfBytes(bytes: Uint8Array): number {
  let hash = OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return (hash >>> 0) % SLICES;
}
