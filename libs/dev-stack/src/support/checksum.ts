import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/**
 * Throws an `Error` when the file's content is not what the checksum was taken of.
 * @internal
 */
export async function verifyChecksum(file: string, algorithm: 'sha256' | 'sha512', expected: string): Promise<void> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('hex');
  if (actual !== expected.toLowerCase()) {
    throw new Error(`checksum mismatch, refused: ${algorithm} is ${actual}, expected ${expected}`);
  }
}
