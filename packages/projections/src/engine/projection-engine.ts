import { NotFound, type Ctor } from '@nestfold/core';
import { readModelDefinitionOf } from '../definition/read-model-document.decorator.js';
import { DeadLetters } from '../parking/dead-letters.js';
import type { ReadModel } from '../reading/read-model.js';
import { relayStatusOf, type RelayStatus } from '../relaying/relay-status.js';
import { StoredReadModel } from '../reading/stored-read-model.js';
import type { EngineContext } from '../running/engine-context.js';
import { ProjectionSupervisor } from '../running/projection-supervisor.js';
import { notYet, type WaitOptions, type WaitOutcome, type WaitTarget } from '../waiting/wait-for.js';
import { ProjectionWait } from '../waiting/projection-wait.js';
import { EngineOperations } from './engine-operations.js';
import type { ProjectionEngineOptions } from './engine-options.js';
import type { EventsHandlerStatus, ProjectionStatus } from './projection-status.js';
import { reasonsOf, type Readiness } from './readiness.js';
import { settle } from './settling.js';
import { handlerStatusOf, projectionStatusOf } from './statuses.js';
import { validate } from './validate.js';
import { EngineLife } from './engine-life.js';
import { describeNode, partsOf, type EngineParts } from './engine-parts.js';

const SETTLE_MS = 10_000;

/**
 * Feeds the read models of this process's projections, runs its events handlers, and reads. Of several processes on one
 * store each projection and handler is run by one at a time; another takes over when that one dies.
 * @publicApi
 */
export class ProjectionEngine extends EngineOperations {
  protected readonly context: EngineContext;
  protected readonly supervisors: ReadonlyMap<string, ProjectionSupervisor>;
  protected readonly letters: DeadLetters;
  private readonly parts: EngineParts;
  private readonly life: EngineLife;

  constructor(private readonly options: ProjectionEngineOptions) {
    super();
    this.parts = partsOf(options);
    this.context = this.parts.context;
    this.supervisors = this.parts.supervisors;
    this.life = new EngineLife(this.parts, describeNode(options), () => this.look());
    const names = options.handlers.map(({ definition }) => definition.name);
    this.letters = new DeadLetters(this.context, names);
  }

  /**
   * Begins the work of this process's roles. When it ends, the starts of all events handlers are recorded; first builds go on behind it: see
   * `readiness` and `settled`. Throws one `ConfigurationError` with all that is wrong, `StoreUnavailable`, and `EngineStopped` when the engine is
   * stopped meanwhile.
   */
  start(): Promise<void> {
    const { projections, handlers, types, transport, publications } = this.options;
    return this.life.start(projections, () => validate(projections, handlers, types, transport, publications));
  }

  /**
   * Lets the batches and calls in flight end, frees the leases, says good-bye. Takes about `drainMs` at most; what does not end by then loses its
   * lease. During a start it ends that too. Again and again is once.
   */
  stop(): Promise<void> {
    return this.life.stop();
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
    return Promise.all(this.parts.handlers.map((runner) => handlerStatusOf(this.context.connection, runner)));
  }

  /** How the relays of this process's transport stand, one for each of its topics, also where other processes have the role. */
  relayStatuses(): Promise<RelayStatus[]> {
    const { topics = [] } = this.context.transport ?? {};
    return Promise.all(
      topics.map((topic) =>
        relayStatusOf(
          this.context,
          topic,
          this.parts.relays.find((relay) => relay.topic.name === topic.name),
        ),
      ),
    );
  }

  /**
   * Waits until all projections and events handlers have applied everything that was appended before this call. Exact for what this process feeds;
   * where another one does, a commit that became visible later than commits that were begun after it may be missed. Throws `NotSettled`, naming
   * who is behind, after `timeoutMs` (default 10,000).
   */
  async settled({ timeoutMs = SETTLE_MS }: { readonly timeoutMs?: number } = {}): Promise<void> {
    await settle(this.context, [...this.supervisors.values()], this.parts.handlers, this.parts.relays, timeoutMs);
  }

  /**
   * Waits until one commit is applied by a projection, in whichever process that is done: for reading what was just written. In the process that
   * applies it, it is told at once. Never longer than `timeoutMs` (default 2,000), and not at all where its stream is parked or the projection is
   * stopped or paused. Never throws: what the store answers wrongly is a `timeout`.
   */
  waitFor(projection: string, target: WaitTarget, { timeoutMs }: WaitOptions = {}): Promise<WaitOutcome> {
    const supervisor = this.supervisors.get(projection);
    const pointer = this.parts.pointers.get(projection);
    if (supervisor === undefined || pointer === undefined)
      return Promise.resolve(notYet('unknown', `This process has no projection '${projection}'.`));
    return new ProjectionWait(this.context, supervisor, pointer).until(target, timeoutMs);
  }

  /** The names of the projections that this process has compiled, whichever process feeds them. */
  get projectionNames(): readonly string[] {
    return [...this.supervisors.keys()];
  }

  /** Whether this process may be sent requests; alive but stuck is not ready. */
  readiness(): Readiness {
    const { state, beatAt } = this.life;
    if (state !== 'running') return { ready: false, reasons: [`the engine is ${state}`] };
    const reasons = reasonsOf(this.context, [...this.supervisors.values()], beatAt);
    return { ready: reasons.length === 0, reasons };
  }

  /** The documents of one of this process's read models. Throws `NotFound` for a class that no projection lists. */
  readModel<D extends object>(model: Ctor<D>): ReadModel<D> {
    const { name } = readModelDefinitionOf(model);
    const projection = this.options.projections.find(({ readModels }) => readModels.some((one) => one.model === model));
    const pointer = projection && this.parts.pointers.get(projection.name);
    if (pointer === undefined) throw new NotFound('read model', name);
    return new StoredReadModel<D>(this.context.connection.readModels, pointer, name);
  }

  protected look(): void {
    for (const pointer of this.parts.pointers.values()) pointer.forget();
    for (const supervisor of this.supervisors.values()) supervisor.poke();
  }
}
