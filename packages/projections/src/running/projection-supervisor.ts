import {
  ConfigurationError,
  isRebuildRunning,
  SLICES,
  type Generation,
  type GenerationFailure,
  type ProjectionVersion,
} from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import { discard } from '../rebuilding/discard.js';
import { rollBack } from '../rebuilding/roll-back.js';
import { RollbackRefused } from '../rebuilding/rollback-refused.error.js';
import { Leftovers } from '../rebuilding/leftovers.js';
import { insistOnThrottle, type RebuildOptions } from '../engine/rebuild-options.js';
import { FirstBuild } from '../topics/first-build.js';
import { topicLags, type TopicLags } from '../topics/topic-lag.js';
import { wholeTopic } from '../topics/topic-watch.js';
import type { EngineContext } from './engine-context.js';
import { GenerationRunner } from './generation-runner.js';
import { NOTHING, readProjection, seenBy, type ProjectionView } from './projection-view.js';
import { rehearse } from './rehearsal.js';
import type { GenerationView } from './generation-view.js';
import type { Trouble } from './runner-view.js';

/**
 * Sees to one projection version in this process: begins its first build, runs what is live or being built, and drops former generations when
 * their grace is over. Without `feeds` it only looks.
 */
export class ProjectionSupervisor {
  private readonly runners = new Map<number, GenerationRunner>();
  private readonly stopping = new AbortController();
  private readonly leftovers: Leftovers;
  private readonly owner: string;
  private readonly firstFromTopic: FirstBuild;
  private work: Promise<void> = Promise.resolve();
  private queued = false;
  private last: ProjectionView = NOTHING;

  constructor(
    private readonly context: EngineContext,
    readonly definition: ProjectionDefinition,
    private readonly feeds: boolean,
  ) {
    this.owner = context.environment.uuid();
    const [begin, look] = [() => this.begin('start'), () => this.poke()];
    this.leftovers = new Leftovers(context, this.stopping.signal, look);
    this.firstFromTopic = new FirstBuild(context, definition.name, this.stopping.signal, begin, look);
  }

  get view(): ProjectionView {
    return this.last;
  }

  /** The lags of a generation's partitions in the topic that it reads; `undefined` where it follows the store. */
  topicLags(generation: Generation): Promise<TopicLags> | undefined {
    const { source } = this.definition;
    return source && topicLags(this.context, generation, source.topic);
  }

  /** Why its first build has not begun, where that is known: its topic cannot be read. */
  get waitsFor(): GenerationFailure | undefined {
    return this.runner === undefined ? this.firstFromTopic.waitsFor : undefined;
  }

  /** The versions that are to be kept since this process uses them. */
  get used(): ProjectionVersion[] {
    const { name: projection, version } = this.definition;
    const { fallback } = this.last;
    return [{ projection, version }, ...(fallback === undefined ? [] : [{ projection, version: fallback.version }])];
  }

  /** What keeps failing here of a generation. */
  troubleOf({ version, number }: Generation): Trouble | undefined {
    return version === this.definition.version ? this.runners.get(number)?.view.retrying : undefined;
  }

  /** Whether this process feeds a partition of any generation. */
  get isFeeding(): boolean {
    return [...this.runners.values()].some(({ view }) => view.held.length > 0);
  }

  /** The runner of the generation that readers see, or of the first build. */
  get runner(): GenerationView | undefined {
    const { live, building } = this.last;
    const number = live?.number ?? building?.number;
    return number === undefined ? undefined : this.runners.get(number)?.view;
  }

  /** Makes this process quick for what it may be given of the live generation. Before `start`; throws what the store throws. */
  async rehearse(): Promise<void> {
    const { live } = this.feeds ? await this.read() : NOTHING;
    if (live?.state === 'live') await rehearse(this.context, this.definition, live);
  }

  /** Looks at what is stored; a generation that an event stopped is tried again, since this process may hold the remedy. */
  async start(): Promise<void> {
    if (this.feeds) await this.retryFailed();
    await this.refresh();
    if (this.definition.source === undefined) return;
    await this.firstFromTopic.patience();
    await this.refresh();
  }

  /** Looks again, soon; any number of calls at once look once. */
  poke(): void {
    if (this.queued || this.stopping.signal.aborted) return;
    this.queued = true;
    void this.refresh().catch((error: unknown) => {
      this.context.logger.warn('The state of a projection could not be read.', {
        projection: this.definition.name,
        error: String(error),
      });
    });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([...this.runners.values()].map((runner) => runner.stop()));
    await this.work;
  }

  /**
   * Begins a new generation, with so many partitions where the projection may have several. Throws `RebuildRunning`, and `ConfigurationError` for a
   * number that cannot be. A build that an event stopped is no hindrance, it is taken away first.
   */
  async rebuild(by: string, { partitions, throttle }: RebuildOptions = {}): Promise<Generation> {
    const number = this.partitions(partitions);
    if (throttle !== undefined) insistOnThrottle(throttle);
    const begun = await this.inTurn(async () => {
      const { generations } = this.context.connection;
      const { building } = await this.read();
      if (building?.state !== 'failed') return this.begin(by, number, throttle);
      await discard(this.context, building, this.owner, () => generations.cancel(building.id));
      // Another process may have seen that there is no build any more, and begun one: that is as good.
      return this.begin(by, number, throttle).catch(async (error: unknown) => {
        const another = isRebuildRunning(error) ? (await this.read()).building : undefined;
        if (another === undefined) throw error;
        return another;
      });
    });
    this.poke();
    return begun;
  }

  /** Makes the former generation live again. Throws `RollbackRefused`. */
  async rollBack(by: string): Promise<void> {
    const { previous } = await this.read();
    if (previous === undefined) throw new RollbackRefused(this.definition.name, 'there is no former generation');
    await rollBack(this.context, previous, by);
    this.poke();
  }

  /** What is stored by now. */
  read(): Promise<ProjectionView> {
    return readProjection(this.context.connection.generations, this.definition);
  }

  private refresh(): Promise<void> {
    return this.inTurn(async () => {
      this.queued = false;
      if (!this.stopping.signal.aborted) await this.look();
    });
  }

  /** One after the other: two looks at once could each start what the other stops. */
  private inTurn<R>(task: () => Promise<R>): Promise<R> {
    const turn = this.work.then(task);
    this.work = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  private async look(): Promise<void> {
    const before = seenBy(this.last);
    this.last = await this.read();
    if (seenBy(this.last) !== before) this.context.waiters.wake();
    if (!this.feeds) return;
    if (this.last.live === undefined && this.last.building === undefined) {
      await this.beginFirst();
      this.last = await this.read();
    }
    const { entry, live, building, previous } = this.last;
    const wanted = [live, building, previous].filter((one) => one !== undefined);
    for (const [number, runner] of this.runners) {
      if (wanted.some((one) => one.number === number)) continue;
      this.runners.delete(number);
      await runner.stop();
    }
    for (const generation of wanted) this.run(generation, entry?.paused !== undefined);
    if (entry !== undefined) await this.leftovers.tidy(entry);
  }

  private run(generation: Generation, isPaused: boolean): void {
    const present = this.runners.get(generation.number);
    if (present !== undefined) return present.update(generation, isPaused);
    if (this.stopping.signal.aborted) return;
    const runner = new GenerationRunner(this.context, this.definition, generation, isPaused);
    this.runners.set(generation.number, runner);
    runner.start();
  }

  private async beginFirst(): Promise<void> {
    if (this.definition.source !== undefined) return this.firstFromTopic.try();
    try {
      await this.begin('start');
    } catch (error) {
      // Else another process was first.
      if (!isRebuildRunning(error)) throw error;
    }
  }

  private partitions(asked = this.definition.slicing === 'stream' ? this.context.settings.partitions : 1): number {
    const { name, slicing } = this.definition;
    const most = slicing === 'stream' ? SLICES : 1;
    if (Number.isInteger(asked) && asked >= 1 && asked <= most) return asked;
    throw new ConfigurationError(
      slicing === 'stream'
        ? `The projection '${name}' cannot have ${asked} partitions: give a whole number from 1 to ${SLICES}.`
        : `The projection '${name}' cannot have ${asked} partitions: with slicing 'single' it has one, which keeps the order of all its events. Use slicing 'stream' where each document is fed by one stream.`,
    );
  }

  private async begin(startedBy: string, partitions = this.partitions(), throttle?: number): Promise<Generation> {
    const { connection, transport } = this.context;
    const { name: projection, version, readModels, slicing, source } = this.definition;
    const parts = source && transport ? (await wholeTopic(transport, source.topic)).length : partitions;
    const epoch = await connection.events.epoch();
    return connection.generations.begin({
      projection,
      version,
      readModels: readModels.map(({ name }) => name),
      partitions: parts,
      ...(slicing === 'stream' && { slicing }),
      ...(throttle !== undefined && { throttle }),
      epoch,
      startedBy,
    });
  }

  private async retryFailed(): Promise<void> {
    const { live, building } = await this.read();
    for (const generation of [live, building]) {
      if (generation?.state === 'failed') await this.context.connection.generations.retry(generation.id);
    }
  }
}
