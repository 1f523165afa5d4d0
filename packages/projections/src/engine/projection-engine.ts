import { NotFound, type Ctor, type Generation, type NodeDescription } from '@nestfold/core';
import { readModelDefinitionOf } from '../definition/read-model-document.decorator.js';
import { HandlerRunner } from '../handling/handler-runner.js';
import { LivePointer } from '../reading/live-pointer.js';
import type { ReadModel } from '../reading/read-model.js';
import { StoredReadModel } from '../reading/stored-read-model.js';
import type { EngineContext } from '../running/engine-context.js';
import { ProjectionSupervisor } from '../running/projection-supervisor.js';
import type { ProjectionEngineOptions } from './engine-options.js';
import { defaultSettings } from './engine-settings.js';
import { NotSettled } from './not-settled.error.js';
import type { EventsHandlerStatus, ProjectionStatus } from './projection-status.js';
import { reasonsOf, type Readiness } from './readiness.js';
import type { RebuildStatus } from './rebuild-status.js';
import { handlerLag, projectionLag } from './settling.js';
import { handlerStatusOf, projectionStatusOf, rebuildStatusOf } from './statuses.js';
import { validate } from './validate.js';

const SETTLE_MS = 10_000;
const SETTLE_POLL_MS = 5;
/** A reader asks for the live generation at least this often: far less than the grace of a former one. */
const POINTER_MS = 10_000;

/**
 * Feeds the read models of this process's projections, runs its events handlers, and reads. Of several processes on one
 * store each projection and handler is run by one at a time; another takes over when that one dies.
 * @publicApi
 */
export class ProjectionEngine {
  private readonly context: EngineContext;
  private readonly supervisors: ReadonlyMap<string, ProjectionSupervisor>;
  private readonly pointers: ReadonlyMap<string, LivePointer>;
  private readonly runners: readonly HandlerRunner[];
  private readonly ends: (() => void)[] = [];
  private state: 'new' | 'starting' | 'running' | 'stopped' = 'new';
  private beatAt = 0;

  constructor(private readonly options: ProjectionEngineOptions) {
    const { connection, types, environment, logger, projections, handlers, node } = options;
    const settings = { ...defaultSettings, ...options.settings };
    this.context = { connection, types, environment, logger, settings };
    const feeds = node.roles.includes('projections');
    this.supervisors = new Map(
      projections.map((one) => [one.name, new ProjectionSupervisor(this.context, one, feeds)]),
    );
    const age = Math.min(POINTER_MS, settings.graceMs / 4);
    this.pointers = new Map(
      projections.map(({ name, version }) => [
        name,
        new LivePointer(connection.generations, environment, name, version, age),
      ]),
    );
    this.runners = node.roles.includes('handlers') ? handlers.map((one) => new HandlerRunner(this.context, one)) : [];
  }

  /**
   * Begins the work of this process's roles. When it ends, the starts of all events handlers are recorded; first builds go on behind it: see
   * `readiness` and `settled`. Throws one `ConfigurationError` with all that is wrong, and `StoreUnavailable`.
   */
  async start(): Promise<void> {
    if (this.state !== 'new') throw new Error('This engine was started before: make a new one.');
    validate(this.options.projections, this.options.handlers, this.options.types);
    this.state = 'starting';
    const { connection, environment, settings } = this.context;
    try {
      await this.beat();
      this.ends.push(connection.generations.onChange(() => this.look()));
      this.ends.push(
        environment.every(settings.heartbeatMs, () => void this.beat().catch((error: unknown) => this.missed(error))),
      );
      await Promise.all(this.runners.map((runner) => runner.register()));
      await Promise.all([...this.supervisors.values()].map((supervisor) => supervisor.start()));
      for (const runner of this.runners) runner.start();
      this.state = 'running';
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Lets the batches and calls in flight end, frees the leases, says good-bye. Takes about `drainMs` at most; what does not end by then loses its lease. */
  async stop(): Promise<void> {
    if (this.state === 'stopped') return;
    const begun = this.state !== 'new';
    this.state = 'stopped';
    for (const end of this.ends) end();
    const { environment, settings, connection, logger } = this.context;
    const drained = new AbortController();
    const all = Promise.all([...this.supervisors.values(), ...this.runners].map((one) => one.stop()))
      .then(() => (begun ? connection.nodes.leave(this.options.node.id) : undefined))
      .finally(() => drained.abort());
    all.catch((error: unknown) => logger.warn('A part of the engine did not stop cleanly.', { error: String(error) }));
    await environment.sleep(settings.drainMs, drained.signal);
    if (!drained.signal.aborted) logger.warn('The engine stops without waiting longer.', { drainMs: settings.drainMs });
  }

  /** How all projections stand. */
  statuses(): Promise<ProjectionStatus[]> {
    return Promise.all(
      [...this.supervisors.values()].map((supervisor) => projectionStatusOf(this.context.connection, supervisor)),
    );
  }

  /** Throws `NotFound` for a name that this process does not know. */
  async status(name: string): Promise<ProjectionStatus> {
    return projectionStatusOf(this.context.connection, this.supervisor(name));
  }

  /** How the events handlers of this process stand; none without the role. */
  handlerStatuses(): Promise<EventsHandlerStatus[]> {
    return Promise.all(this.runners.map((runner) => handlerStatusOf(this.context.connection, runner)));
  }

  /**
   * Begins to build all documents of a projection anew, beside the live ones; a process with the role builds them and swaps them in. Throws
   * `RebuildRunning` while a build is under way, and `NotFound`.
   */
  async rebuild(name: string, by: string): Promise<Generation> {
    return this.supervisor(name).rebuild(by);
  }

  /** How a rebuild goes, by the id of its generation. */
  async rebuildStatus(id: string): Promise<RebuildStatus | undefined> {
    const generation = await this.context.connection.generations.generation(id);
    return generation && rebuildStatusOf(generation);
  }

  /** Asks for the end of a rebuild; what it stored is dropped. Answers false when it is not running. */
  async cancelRebuild(id: string): Promise<boolean> {
    const generation = await this.context.connection.generations.generation(id);
    const asked = generation !== undefined && (await this.context.connection.generations.requestCancel(id));
    this.look();
    return asked;
  }

  /**
   * Waits until all projections and events handlers have applied everything that was appended before this call. Throws `NotSettled`, naming
   * who is behind, after `timeoutMs` (default 10,000).
   */
  async settled({ timeoutMs = SETTLE_MS }: { readonly timeoutMs?: number } = {}): Promise<void> {
    const { connection, environment } = this.context;
    const deadline = environment.now() + timeoutMs;
    const time = await connection.feed.now();
    const open = new Set<() => Promise<string | undefined>>([
      ...[...this.supervisors.values()].map((supervisor) => () => projectionLag(connection, supervisor, time)),
      ...this.runners.map((runner) => () => handlerLag(connection, runner, time)),
    ]);
    for (;;) {
      const laggards: string[] = [];
      for (const lag of open) {
        const reason = await lag();
        if (reason === undefined) open.delete(lag);
        else laggards.push(reason);
      }
      if (open.size === 0) return;
      if (environment.now() >= deadline) throw new NotSettled(laggards, timeoutMs);
      await environment.sleep(SETTLE_POLL_MS);
    }
  }

  /** Whether this process may be sent requests; alive but stuck is not ready. */
  readiness(): Readiness {
    if (this.state !== 'running') return { ready: false, reasons: [`the engine is ${this.state}`] };
    const reasons = reasonsOf(this.context, [...this.supervisors.values()], this.beatAt);
    return { ready: reasons.length === 0, reasons };
  }

  /** The documents of one of this process's read models. Throws `NotFound` for a class that no projection lists. */
  readModel<D extends object>(model: Ctor<D>): ReadModel<D> {
    const { name } = readModelDefinitionOf(model);
    const projection = this.options.projections.find(({ readModels }) => readModels.some((one) => one.model === model));
    const pointer = projection && this.pointers.get(projection.name);
    if (pointer === undefined) throw new NotFound('read model', name);
    return new StoredReadModel<D>(this.context.connection.readModels, pointer, name);
  }

  private supervisor(name: string): ProjectionSupervisor {
    const supervisor = this.supervisors.get(name);
    if (supervisor === undefined) throw new NotFound('projection', name);
    return supervisor;
  }

  /** The registry may have changed, here or elsewhere. */
  private look(): void {
    for (const pointer of this.pointers.values()) pointer.forget();
    for (const supervisor of this.supervisors.values()) supervisor.poke();
  }

  private async beat(): Promise<void> {
    const { projections, types, node } = this.options;
    const description: NodeDescription = {
      ...node,
      projections: Object.fromEntries(projections.map(({ name, version }) => [name, version])),
      events: Object.fromEntries(types.definitions().map(({ name, version }) => [name, version])),
    };
    await this.context.connection.nodes.beat(description);
    this.beatAt = this.context.environment.now();
    // What no listener told of is found now at the latest.
    for (const supervisor of this.supervisors.values()) supervisor.poke();
  }

  private missed(error: unknown): void {
    this.context.logger.warn('This process could not say that it is alive.', { error: String(error) });
  }
}
