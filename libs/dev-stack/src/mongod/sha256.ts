import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/**
 * Throws an `Error` when the file's content is not what the checksum was taken of.
 * @internal
 */
export async function verifySha256(file: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('hex');
  if (actual !== expected) {
    throw new Error(`checksum mismatch, refused: sha256 is ${actual}, expected ${expected}`);
  }
}
