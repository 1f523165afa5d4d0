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

function sliceOfBytes(bytes: Uint8Array): number {
  let hash = OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return (hash >>> 0) % SLICES;
}
