import { isRebuildRunning, type Generation } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import type { EngineContext } from '../running/engine-context.js';

/** Begins a build in the place of one that is cancelled by now, as that was asked for. Of several processes that find the same, one begins it. */
export async function beginAgain(
  { connection, logger }: EngineContext,
  definition: ProjectionDefinition,
  { id, projection, version, partitions, slicing, throttle, epoch, startedBy }: Generation,
  reason: string,
): Promise<void> {
  const readModels = definition.readModels.map(({ name }) => name);
  const asked = { ...(slicing && { slicing }), ...(throttle !== undefined && { throttle }) };
  const again = { projection, version, readModels, partitions, ...asked, epoch, startedBy };
  try {
    await connection.generations.begin(again);
    logger.warn('A build begins again.', { generation: id, reason });
  } catch (error) {
    if (!isRebuildRunning(error)) throw error;
  }
}
