import type { Generation } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import type { EngineContext } from '../running/engine-context.js';
import { LoadControl, type LoadPace } from './load-control.js';
import type { RangeExecutor } from './range-executor.js';
import { RangeLoader, type RangeHooks, type RangeOutcome } from './range-loader.js';

/** Loads ranges on this very thread. */
export class MainExecutor implements RangeExecutor {
  private readonly control: LoadControl;
  private readonly loader: RangeLoader;

  constructor(
    context: EngineContext,
    definition: ProjectionDefinition,
    generation: Generation,
    owner: string,
    hooks: RangeHooks,
  ) {
    this.control = new LoadControl(context.environment);
    this.loader = new RangeLoader(context, definition, generation, owner, this.control, hooks);
  }

  load(range: number, signal: AbortSignal): Promise<RangeOutcome> {
    return this.loader.load(range, signal);
  }

  pace(pace: LoadPace): void {
    this.control.set(pace);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
