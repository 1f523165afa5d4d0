import type { StreamName } from './stream-name.js';

/** The number of slices; fixed for ever, since slices are stored. */
export const SLICES = 1024;

const encoder = new TextEncoder();

/** The slice of a stream, 0…1023: FNV-1a 32 of the UTF-8 name, modulo 1,024. */
export function sliceOf(stream: StreamName): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(stream)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % SLICES;
}
