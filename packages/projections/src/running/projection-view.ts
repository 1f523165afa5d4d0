import type { Generation, GenerationRegistry, RegistryEntry } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import { readableGeneration } from '../reading/readable-generation.js';

/** What is stored about a projection version. */
export interface ProjectionView {
  readonly entry: RegistryEntry | undefined;
  readonly live: Generation | undefined;
  readonly building: Generation | undefined;
  /** The former live one, while its grace lasts: it is fed on. */
  readonly previous: Generation | undefined;
  /** The live generation of an older version, which readers see (`reads`) as long as this version has none. */
  readonly fallback: Generation | undefined;
}

/** Of one that was not looked at yet. */
export const NOTHING: ProjectionView = {
  entry: undefined,
  live: undefined,
  building: undefined,
  previous: undefined,
  fallback: undefined,
};

/** Looks at what is stored by now. */
export async function readProjection(
  generations: GenerationRegistry,
  { name, version, reads }: Pick<ProjectionDefinition, 'name' | 'version' | 'reads'>,
): Promise<ProjectionView> {
  const stored = await generations.entry(name, version);
  // What is being dropped is no more: this version begins anew.
  const entry = stored?.dropping ? undefined : stored;
  const all = entry === undefined ? [] : await generations.generations(name, version);
  const numbered = (number: number | undefined): Generation | undefined => all.find((one) => one.number === number);
  return {
    entry,
    live: numbered(entry?.live),
    building: numbered(entry?.building),
    previous: numbered(entry?.previous),
    fallback: entry?.live === undefined ? await readableGeneration(generations, name, reads) : undefined,
  };
}

/** What those who wait for a projection are to know of it. Much else is told too, and often: that would wake them for nothing. */
export const seenBy = ({ entry, live, building, fallback }: ProjectionView): string =>
  [live?.id, live?.state, building?.state, fallback?.id, entry?.paused?.at.getTime()].join(' ');
