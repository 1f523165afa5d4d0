import type { Generation } from './generation.js';
import type { NewGeneration } from './generation-registry.port.js';

/** What is to begin in the place of a generation that was built from a history with a hole: the same as it was asked for. For adapters. @internal */
export function sameAgain({
  projection,
  version,
  collections,
  partitions,
  slicing,
  throttle,
  epoch,
  startedBy,
}: Omit<Generation, 'id' | 'swap'>): NewGeneration {
  const asked = { ...(slicing && { slicing }), ...(throttle !== undefined && { throttle }) };
  return { projection, version, readModels: Object.keys(collections), partitions, ...asked, epoch, startedBy };
}
