import type { Generation, GenerationRegistry } from '@nestfold/core';

/** The live generation of the first of these versions that has one; `undefined` where none has. */
export async function readableGeneration(
  registry: GenerationRegistry,
  projection: string,
  versions: readonly number[],
): Promise<Generation | undefined> {
  for (const version of versions) {
    const entry = await registry.entry(projection, version);
    // What is being dropped may be gone before it is read.
    if (entry?.live === undefined || entry.dropping) continue;
    const all = await registry.generations(projection, version);
    const live = all.find(({ number }) => number === entry.live);
    if (live !== undefined) return live;
  }
  return undefined;
}
