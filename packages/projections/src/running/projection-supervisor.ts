import { isRebuildRunning, type Generation, type RegistryEntry } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import { discard } from '../rebuilding/discard.js';
import { sweep } from '../rebuilding/sweep.js';
import type { EngineContext } from './engine-context.js';
import { GenerationRunner } from './generation-runner.js';
import type { RunnerView } from './runner-view.js';

/** What is stored about a projection version. */
export interface ProjectionView {
  readonly entry: RegistryEntry | undefined;
  readonly live: Generation | undefined;
  readonly building: Generation | undefined;
}

/**
 * Sees to one projection version in this process: begins its first build, runs what is live or being built, and drops former generations when
 * their grace is over. Without `feeds` it only looks.
 */
export class ProjectionSupervisor {
  private readonly runners = new Map<number, GenerationRunner>();
  private readonly stopping = new AbortController();
  private readonly seen = new Map<string, number>();
  private readonly owner: string;
  private work: Promise<void> = Promise.resolve();
  private queued = false;
  private last: ProjectionView = { entry: undefined, live: undefined, building: undefined };
  private swept: number | undefined;

  constructor(
    private readonly context: EngineContext,
    readonly definition: ProjectionDefinition,
    private readonly feeds: boolean,
  ) {
    this.owner = context.environment.uuid();
  }

  get view(): ProjectionView {
    return this.last;
  }

  /** The runner of the generation that readers see, or of the first build. */
  get runner(): RunnerView | undefined {
    const { live, building } = this.last;
    const number = live?.number ?? building?.number;
    return number === undefined ? undefined : this.runners.get(number)?.view;
  }

  /** Looks at what is stored; a generation that an event stopped is tried again, since this process may hold the remedy. */
  async start(): Promise<void> {
    if (this.feeds) await this.retryFailed();
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

  /** Begins a new generation. Throws `RebuildRunning`; a build that an event stopped is no hindrance, it is taken away first. */
  async rebuild(by: string): Promise<Generation> {
    const begun = await this.inTurn(async () => {
      const { generations } = this.context.connection;
      const { building } = await this.read();
      if (building?.state !== 'failed') return this.begin(by);
      await discard(this.context, building, this.owner, () => generations.cancel(building.id));
      // Another process may have seen that there is no build any more, and begun one: that is as good.
      return this.begin(by).catch(async (error: unknown) => {
        const another = isRebuildRunning(error) ? (await this.read()).building : undefined;
        if (another === undefined) throw error;
        return another;
      });
    });
    this.poke();
    return begun;
  }

  /** What is stored by now. */
  async read(): Promise<ProjectionView> {
    const { generations } = this.context.connection;
    const { name, version } = this.definition;
    const entry = await generations.entry(name, version);
    const all = entry === undefined ? [] : await generations.generations(name, version);
    const numbered = (number: number | undefined): Generation | undefined => all.find((one) => one.number === number);
    return { entry, live: numbered(entry?.live), building: numbered(entry?.building) };
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
    this.last = await this.read();
    if (!this.feeds) return;
    if (this.last.live === undefined && this.last.building === undefined) {
      await this.beginFirst();
      this.last = await this.read();
    }
    const { entry, live, building } = this.last;
    const wanted = [live, building].filter((one) => one !== undefined);
    for (const [number, runner] of this.runners) {
      if (wanted.some((one) => one.number === number)) continue;
      this.runners.delete(number);
      await runner.stop();
    }
    for (const generation of wanted) this.run(generation);
    if (entry !== undefined) await this.tidy(entry);
  }

  private run(generation: Generation): void {
    const present = this.runners.get(generation.number);
    if (present !== undefined) return present.update(generation);
    if (this.stopping.signal.aborted) return;
    const runner = new GenerationRunner(this.context, this.definition, generation);
    this.runners.set(generation.number, runner);
    runner.start();
  }

  private async beginFirst(): Promise<void> {
    try {
      await this.begin('start');
    } catch (error) {
      // Another process was first.
      if (!isRebuildRunning(error)) throw error;
    }
  }

  private async begin(startedBy: string): Promise<Generation> {
    const { connection } = this.context;
    const { name: projection, version, readModels } = this.definition;
    const epoch = await connection.events.epoch();
    return connection.generations.begin({
      projection,
      version,
      readModels: readModels.map(({ name }) => name),
      partitions: 1,
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

  /** Graces are counted from when this process first saw the change: no two clocks are compared. */
  private async tidy(entry: RegistryEntry): Promise<void> {
    if (entry.previous !== undefined && this.isOver(`former ${entry.previous}`))
      await this.dropFormer(entry, entry.previous);
    if (!this.isOver(`live ${entry.live}`) || this.swept === entry.live) return;
    await sweep(this.context, entry, this.owner);
    this.swept = entry.live;
  }

  /** Whether the grace has passed since this was asked first. */
  private isOver(what: string): boolean {
    const { environment, settings } = this.context;
    const since = this.seen.get(what);
    if (since !== undefined) return environment.now() - since >= settings.graceMs;
    this.seen.set(what, environment.now());
    void environment.sleep(settings.graceMs, this.stopping.signal).then(() => this.poke());
    return false;
  }

  private async dropFormer({ projection, version }: RegistryEntry, number: number): Promise<void> {
    const { generations } = this.context.connection;
    const former = (await generations.generations(projection, version)).find((one) => one.number === number);
    if (former === undefined) return;
    await discard(this.context, former, this.owner, () => generations.retire(former.id));
    this.context.logger.info('A former generation was dropped.', { generation: former.id });
  }
}
