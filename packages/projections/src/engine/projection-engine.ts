import { NotFound, type Ctor, type NodeDescription, type ProjectionVersion } from '@nestfold/core';
import { readModelDefinitionOf } from '../definition/read-model-document.decorator.js';
import { HandlerRunner } from '../handling/handler-runner.js';
import { insistOnModules } from '../loading/projection-module.js';
import { LivePointer } from '../reading/live-pointer.js';
import { DeadLetters } from '../parking/dead-letters.js';
import type { ReadModel } from '../reading/read-model.js';
import { relaysOf } from '../relaying/relays-of.js';
import { prepareTopics } from '../relaying/prepare-topics.js';
import { relayStatusOf, type RelayStatus } from '../relaying/relay-status.js';
import type { RelayRunner } from '../relaying/relay-runner.js';
import { StoredReadModel } from '../reading/stored-read-model.js';
import type { EngineContext } from '../running/engine-context.js';
import { KnownNodes } from '../running/known-nodes.js';
import { ProjectionSupervisor } from '../running/projection-supervisor.js';
import { UnusedVersions } from '../running/unused-versions.js';
import { notYet, type WaitOptions, type WaitOutcome, type WaitTarget } from '../waiting/wait-for.js';
import { ProjectionWait } from '../waiting/projection-wait.js';
import { Waiters } from '../waiting/waiters.js';
import { EngineOperations } from './engine-operations.js';
import { EngineStopped } from './engine-stopped.error.js';
import type { ProjectionEngineOptions } from './engine-options.js';
import { defaultSettings } from './engine-settings.js';
import { HeadroomWatch } from './feed-headroom.js';
import { Heartbeat } from './heartbeat.js';
import type { EventsHandlerStatus, ProjectionStatus } from './projection-status.js';
import { reasonsOf, type Readiness } from './readiness.js';
import { settle } from './settling.js';
import { handlerStatusOf, projectionStatusOf } from './statuses.js';
import { validate } from './validate.js';

const SETTLE_MS = 10_000;
/** A reader asks for the live generation at least this often: far less than the grace of a former one. */
const POINTER_MS = 10_000;
/** It saves a moment later on, and is not worth a longer one now. */
const REHEARSED_MS = 1_000;

/**
 * Feeds the read models of this process's projections, runs its events handlers, and reads. Of several processes on one
 * store each projection and handler is run by one at a time; another takes over when that one dies.
 * @publicApi
 */
export class ProjectionEngine extends EngineOperations {
  protected readonly context: EngineContext;
  protected readonly supervisors: ReadonlyMap<string, ProjectionSupervisor>;
  private readonly pointers: ReadonlyMap<string, LivePointer>;
  private readonly runners: readonly HandlerRunner[];
  private readonly relays: readonly RelayRunner[];
  protected readonly letters: DeadLetters;
  private readonly heartbeat: Heartbeat;
  private readonly unused: UnusedVersions;
  private readonly headroom: HeadroomWatch;
  private readonly ends: (() => void)[] = [];
  private state: 'new' | 'starting' | 'running' | 'stopped' = 'new';
  private starting: Promise<void> | undefined;
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: ProjectionEngineOptions) {
    super();
    const { connection, types, environment, logger, projections, handlers, node, transport } = options;
    const { publications = [] } = options;
    const settings = { ...defaultSettings, ...options.settings };
    const nodes = new KnownNodes(connection.nodes, environment, {
      own: node.id,
      maxAgeMs: settings.leasePollMs / 2,
      silentMs: 3 * settings.heartbeatMs,
    });
    this.context = {
      connection,
      types,
      environment,
      logger,
      settings,
      nodes,
      waiters: new Waiters(),
      ...(transport && { transport }),
    };
    const feeds = node.roles.includes('projections');
    this.supervisors = new Map(
      projections.map((one) => [one.name, new ProjectionSupervisor(this.context, one, feeds)]),
    );
    const age = Math.min(POINTER_MS, settings.graceMs / 4);
    this.pointers = new Map(
      projections.map(({ name, version, reads }) => [
        name,
        new LivePointer(connection.generations, environment, name, version, age, reads),
      ]),
    );
    const names = handlers.map(({ definition }) => definition.name);
    this.unused = new UnusedVersions(this.context);
    this.headroom = new HeadroomWatch(this.context);
    const used = (): ProjectionVersion[] => [...this.supervisors.values()].flatMap((one) => one.used);
    this.heartbeat = new Heartbeat(this.context, this.describe(), used, () => this.tend(feeds));
    this.letters = new DeadLetters(this.context, names);
    this.runners = node.roles.includes('handlers') ? handlers.map((one) => new HandlerRunner(this.context, one)) : [];
    this.relays = node.roles.includes('relay') ? relaysOf(this.context, publications) : [];
  }

  /**
   * Begins the work of this process's roles. When it ends, the starts of all events handlers are recorded; first builds go on behind it: see
   * `readiness` and `settled`. Throws one `ConfigurationError` with all that is wrong, `StoreUnavailable`, and `EngineStopped` when the engine is
   * stopped meanwhile.
   */
  async start(): Promise<void> {
    if (this.state === 'stopped') throw new EngineStopped();
    if (this.state !== 'new') throw new Error('This engine was started before: make a new one.');
    const { projections, handlers, types, transport, publications } = this.options;
    validate(projections, handlers, types, transport, publications);
    this.state = 'starting';
    this.starting = this.begin();
    try {
      await this.starting;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Lets the batches and calls in flight end, frees the leases, says good-bye. Takes about `drainMs` at most; what does not end by then loses its
   * lease. During a start it ends that too. Again and again is once.
   */
  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async begin(): Promise<void> {
    await insistOnModules(this.options.projections);
    const { connection } = this.context;
    await this.rehearse();
    this.assertStarting();
    await this.heartbeat.beat();
    this.assertStarting();
    this.ends.push(connection.generations.onChange(() => this.look()));
    this.heartbeat.start();
    this.ends.push(() => this.heartbeat.stop());
    await Promise.all(this.runners.map((runner) => runner.register()));
    if (this.relays.length > 0) await prepareTopics(this.context);
    this.assertStarting();
    await Promise.all([...this.supervisors.values()].map((supervisor) => supervisor.start()));
    this.assertStarting();
    for (const runner of [...this.runners, ...this.relays]) runner.start();
    this.state = 'running';
  }

  /** Before this process says that it is there: from then on it is given partitions, which stand still until it has written a batch. */
  private async rehearse(): Promise<void> {
    const { environment, nodes, logger } = this.context;
    const all = async (): Promise<void> => {
      if (!(await nodes.hasOthers())) return;
      await this.heartbeat.name();
      for (const supervisor of this.supervisors.values()) if (this.state === 'starting') await supervisor.rehearse();
    };
    const over = new AbortController();
    const rehearsed = all()
      .catch((error: unknown) => logger.debug('What is fed here was not rehearsed.', { error: String(error) }))
      .finally(() => over.abort());
    await Promise.race([rehearsed, environment.sleep(REHEARSED_MS, over.signal)]);
  }

  /** After each wait of the start: what is begun behind a stop nobody would end. */
  private assertStarting(): void {
    if (this.state !== 'starting') throw new EngineStopped();
  }

  private async end(): Promise<void> {
    const begun = this.state !== 'new';
    this.state = 'stopped';
    for (const end of this.ends) end();
    this.context.waiters.end();
    const { environment, settings, logger } = this.context;
    const drained = new AbortController();
    const handlers = [...this.runners, ...this.relays].map((one) => one.stop());
    const projections = (begun ? this.handOver() : Promise.resolve()).then(() =>
      Promise.all([...this.supervisors.values()].map((one) => one.stop())),
    );
    const all = Promise.all([
      ...handlers,
      projections,
      this.unused.stop(),
      Promise.allSettled([this.starting]),
    ]).finally(() => drained.abort());
    all.catch((error: unknown) => logger.warn('A part of the engine did not stop cleanly.', { error: String(error) }));
    await environment.sleep(settings.drainMs, drained.signal);
    if (!drained.signal.aborted) logger.warn('The engine stops without waiting longer.', { drainMs: settings.drainMs });
  }

  /** Says good-bye first: so the others wait for what this process feeds when it lets go, and no document stands still for long. */
  private async handOver(): Promise<void> {
    const { environment, nodes, settings, logger } = this.context;
    try {
      await this.heartbeat.leave();
      const feeds = [...this.supervisors.values()].some((one) => one.isFeeding);
      if (feeds && (await nodes.hasOthers())) await environment.sleep(1.5 * settings.leasePollMs);
    } catch (error) {
      logger.warn('This process could not say that it leaves.', { error: String(error) });
    }
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

  /** How the relays of this process's transport stand, one for each of its topics, also where other processes have the role. */
  relayStatuses(): Promise<RelayStatus[]> {
    const { topics = [] } = this.context.transport ?? {};
    return Promise.all(
      topics.map((topic) =>
        relayStatusOf(
          this.context,
          topic,
          this.relays.find((relay) => relay.topic.name === topic.name),
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
    await settle(this.context, [...this.supervisors.values()], this.runners, this.relays, timeoutMs);
  }

  /**
   * Waits until one commit is applied by a projection, in whichever process that is done: for reading what was just written. In the process that
   * applies it, it is told at once. Never longer than `timeoutMs` (default 2,000), and not at all where its stream is parked or the projection is
   * stopped or paused. Never throws: what the store answers wrongly is a `timeout`.
   */
  waitFor(projection: string, target: WaitTarget, { timeoutMs }: WaitOptions = {}): Promise<WaitOutcome> {
    const supervisor = this.supervisors.get(projection);
    const pointer = this.pointers.get(projection);
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
    if (this.state !== 'running') return { ready: false, reasons: [`the engine is ${this.state}`] };
    const reasons = reasonsOf(this.context, [...this.supervisors.values()], this.heartbeat.at);
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

  protected look(): void {
    for (const pointer of this.pointers.values()) pointer.forget();
    for (const supervisor of this.supervisors.values()) supervisor.poke();
  }

  /** After each heartbeat. */
  private tend(feeds: boolean): void {
    // What no listener told of is found now at the latest.
    for (const supervisor of this.supervisors.values()) supervisor.poke();
    if (feeds) this.unused.tend();
    void this.headroom.tend();
  }

  /** What this process says of itself. */
  private describe(): NodeDescription {
    const { projections, types, node } = this.options;
    return {
      ...node,
      projections: Object.fromEntries(projections.map(({ name, version }) => [name, version])),
      events: Object.fromEntries(types.definitions().map(({ name, version }) => [name, version])),
    };
  }
}
