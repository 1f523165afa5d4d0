import { existsSync } from 'node:fs';
import { systemEnvironment, type Generation } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import type { EngineContext } from '../running/engine-context.js';
import { FallbackExecutor } from './fallback-executor.js';
import { MainExecutor } from './main-executor.js';
import type { RangeExecutor } from './range-executor.js';
import type { RangeHooks } from './range-loader.js';
import { THREAD_ENTRY, ThreadExecutor } from './thread-executor.js';

/** An executor, and under which name it takes leases. */
export interface Slot {
  readonly owner: string;
  readonly executor: RangeExecutor;
}

/** What this process loads a generation with: worker threads where they can be had; else the main thread, and says so. */
export function executorsFor(
  context: EngineContext,
  definition: ProjectionDefinition,
  generation: Generation,
  hooks: RangeHooks,
): readonly Slot[] {
  const { environment, settings, logger, connection } = context;
  const main = (owner: string): RangeExecutor => new MainExecutor(context, definition, generation, owner, hooks);
  const { module } = definition;
  const { worker } = connection;
  const reason = withoutThreads(context, definition);
  if (reason !== undefined || module === undefined || worker === undefined) {
    logger.info(`A projection is loaded on the main thread: ${reason}.`, { generation: generation.id });
    const owner = environment.uuid();
    return [{ owner, executor: main(owner) }];
  }
  const open = generation.load?.ranges.filter(({ done }) => !done).length ?? 1;
  const { name: projection, version } = definition;
  let isTold = false;
  const tell = (error: unknown): void => {
    if (!isTold)
      logger.warn('A projection is loaded on the main thread.', { generation: generation.id, error: String(error) });
    isTold = true;
  };
  return Array.from({ length: Math.max(1, Math.min(settings.loadThreads, open)) }, (): Slot => {
    const owner = environment.uuid();
    const orders = { connection: worker, module, projection, version, generation, owner, settings };
    return {
      owner,
      executor: new FallbackExecutor(new ThreadExecutor(context, orders, hooks), () => main(owner), tell),
    };
  });
}

/** Why threads cannot be had; `undefined` where they can. */
function withoutThreads(
  { environment, settings, connection }: EngineContext,
  { module, projection }: ProjectionDefinition,
): string | undefined {
  if (settings.loadThreads < 1) return 'the setting loadThreads says so';
  if (module === undefined) return `@Projection of ${projection.name} names no module (module: import.meta.url)`;
  if (connection.worker === undefined) return 'the store cannot be opened on another thread';
  if (environment !== systemEnvironment) return "the time is not the system's";
  return existsSync(THREAD_ENTRY) ? undefined : 'the engine runs from its sources';
}
