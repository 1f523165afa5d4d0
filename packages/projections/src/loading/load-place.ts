import type { Generation, LoadPlan, LoadRange, Position } from '@nestfold/core';
import { justBefore } from '../following/store-clock.js';

type History = Extract<Position, { phase: 'history' }>;

/** Whether a generation's partitions may follow the store: those of one that is loaded stream by stream wait for the end of that. */
export function isLoaded({ slicing, load, builtAt }: Pick<Generation, 'slicing' | 'load' | 'builtAt'>): boolean {
  return slicing !== 'stream' || load?.done === true || builtAt !== undefined;
}

/** Under which key a range of a load has its lease and checkpoint. */
export function rangeKey({ id }: Pick<Generation, 'id'>, range: number): string {
  return `${id}/load/${range}`;
}

/** All keys of a generation's load; whoever takes the generation away takes these too. */
export function loadKeys(generation: Pick<Generation, 'id' | 'load'>): string[] {
  return (generation.load?.ranges ?? []).map((_range, index) => rangeKey(generation, index));
}

/** Where a range stands while it is read; how far it is says the last commit that was taken. */
export function loadingPosition({ began, horizon }: LoadPlan): History {
  return { phase: 'history', began, horizon };
}

/** Where everything that was loaded leaves a partition: the ordinary rounds go on from here. `undefined` where nothing was loaded. */
export function loadedPosition({ load }: Pick<Generation, 'load'>): History | undefined {
  return load && { ...loadingPosition(load), after: justBefore(load.horizon) };
}

/** Whether a stored position says that all of a range is applied. */
export function isRangeDone(position: Position | undefined): boolean {
  return position?.phase === 'history' && position.after !== undefined;
}

/** Commits taken by all ranges. */
export function processedOf(ranges: readonly LoadRange[]): number {
  return ranges.reduce((sum, { processed }) => sum + processed, 0);
}
