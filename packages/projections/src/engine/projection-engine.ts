import type { Ctor, Generation } from '@nestfold/core';
import type { ReadModel } from '../reading/read-model.js';
import type { ProjectionEngineOptions } from './engine-options.js';
import type { EventsHandlerStatus, ProjectionStatus } from './projection-status.js';
import type { RebuildStatus } from './rebuild-status.js';

/** Whether a process may be sent requests, and why not. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

const notYet = (): never => {
  throw new Error('The engine is being written.');
};

/**
 * Feeds the read models of this process's projections, runs its events handlers, and reads. Of several processes on one
 * store each projection and handler is run by one at a time; another takes over when that one dies.
 * @publicApi
 */
export class ProjectionEngine {
  constructor(private readonly options: ProjectionEngineOptions) {}
  async start(): Promise<void> {
    void this.options;
    return notYet();
  }
  async stop(): Promise<void> {}
  async statuses(): Promise<ProjectionStatus[]> {
    return notYet();
  }
  async status(_name: string): Promise<ProjectionStatus> {
    return notYet();
  }
  async handlerStatuses(): Promise<EventsHandlerStatus[]> {
    return notYet();
  }
  async rebuild(_name: string, _by: string): Promise<Generation> {
    return notYet();
  }
  async rebuildStatus(_id: string): Promise<RebuildStatus | undefined> {
    return notYet();
  }
  async cancelRebuild(_id: string): Promise<boolean> {
    return notYet();
  }
  async settled(_options?: { readonly timeoutMs?: number }): Promise<void> {
    return notYet();
  }
  readiness(): Readiness {
    return notYet();
  }
  readModel<D extends object>(_model: Ctor<D>): ReadModel<D> {
    return notYet();
  }
}
