import type { NodeDescription } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import { insistOnModules } from '../loading/projection-module.js';
import { prepareTopics } from '../relaying/prepare-topics.js';
import type { ProjectionSupervisor } from '../running/projection-supervisor.js';
import { UnusedVersions } from '../running/unused-versions.js';
import type { EngineParts } from './engine-parts.js';
import { EngineStopped } from './engine-stopped.error.js';
import { HeadroomWatch } from './feed-headroom.js';
import { Heartbeat } from './heartbeat.js';

/** It saves a moment later on, and is not worth a longer one now. */
const REHEARSED_MS = 1_000;

/** Begins the work of an engine's parts, in the order in which they need each other, and ends it. */
export class EngineLife {
  private readonly heartbeat: Heartbeat;
  private readonly unused: UnusedVersions;
  private readonly headroom: HeadroomWatch;
  private readonly ends: (() => void)[] = [];
  private readonly ending = new AbortController();
  private phase: 'new' | 'starting' | 'running' | 'stopped' = 'new';
  private starting: Promise<void> | undefined;
  private stopping: Promise<void> | undefined;

  constructor(
    private readonly parts: EngineParts,
    node: NodeDescription,
    /** The registry may have changed, here or elsewhere. */
    private readonly look: () => void,
  ) {
    const { context } = parts;
    this.unused = new UnusedVersions(context);
    this.headroom = new HeadroomWatch(context);
    const used = () => this.supervisors.flatMap((one) => one.used);
    this.heartbeat = new Heartbeat(context, node, used, () => this.tend());
  }

  get state(): 'new' | 'starting' | 'running' | 'stopped' {
    return this.phase;
  }

  /** When this process last said that it is alive, by its own clock. */
  get beatAt(): number {
    return this.heartbeat.at;
  }

  /** Once. `check` throws what is wrong, before anything is begun. Throws `EngineStopped` when it is stopped meanwhile; what was begun is ended then. */
  async start(projections: readonly ProjectionDefinition[], check: () => void): Promise<void> {
    if (this.phase === 'stopped') throw new EngineStopped();
    if (this.phase !== 'new') throw new Error('This engine was started before: make a new one.');
    check();
    this.phase = 'starting';
    this.starting = this.begin(projections);
    try {
      await this.starting;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Takes about `drainMs` at most. During a start it ends that too. Again and again is once. */
  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private get supervisors(): readonly ProjectionSupervisor[] {
    return [...this.parts.supervisors.values()];
  }

  private async begin(projections: readonly ProjectionDefinition[]): Promise<void> {
    const { context, handlers, relays } = this.parts;
    await insistOnModules(projections);
    await this.rehearse();
    this.assertStarting();
    await this.heartbeat.beat();
    this.assertStarting();
    this.ends.push(context.connection.generations.onChange(this.look));
    this.heartbeat.start();
    this.ends.push(() => this.heartbeat.stop());
    await Promise.all(handlers.map((handler) => handler.register()));
    if (relays.length > 0) await prepareTopics(context, this.ending.signal);
    this.assertStarting();
    await Promise.all(this.supervisors.map((supervisor) => supervisor.start()));
    this.assertStarting();
    for (const runner of [...handlers, ...relays]) runner.start();
    this.phase = 'running';
  }

  /** Before this process says that it is there: from then on it is given partitions, which stand still until it has written a batch. */
  private async rehearse(): Promise<void> {
    const { environment, nodes, logger } = this.parts.context;
    const all = async (): Promise<void> => {
      if (!(await nodes.hasOthers())) return;
      await this.heartbeat.name();
      for (const supervisor of this.supervisors) if (this.phase === 'starting') await supervisor.rehearse();
    };
    const over = new AbortController();
    const rehearsed = all()
      .catch((error: unknown) => logger.debug('What is fed here was not rehearsed.', { error: String(error) }))
      .finally(() => over.abort());
    await Promise.race([rehearsed, environment.sleep(REHEARSED_MS, over.signal)]);
  }

  /** After each wait of the start: what is begun behind a stop nobody would end. */
  private assertStarting(): void {
    if (this.phase !== 'starting') throw new EngineStopped();
  }

  private async end(): Promise<void> {
    const begun = this.phase !== 'new';
    this.phase = 'stopped';
    this.ending.abort();
    for (const end of this.ends) end();
    const { context, handlers, relays } = this.parts;
    context.waiters.end();
    const { environment, settings, logger } = context;
    const drained = new AbortController();
    const projections = (begun ? this.handOver() : Promise.resolve()).then(() =>
      Promise.all(this.supervisors.map((one) => one.stop())),
    );
    const all = Promise.all([
      ...[...handlers, ...relays].map((one) => one.stop()),
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
    const { environment, nodes, settings, logger } = this.parts.context;
    try {
      await this.heartbeat.leave();
      const feeds = this.supervisors.some((one) => one.isFeeding);
      if (feeds && (await nodes.hasOthers())) await environment.sleep(1.5 * settings.leasePollMs);
    } catch (error) {
      logger.warn('This process could not say that it leaves.', { error: String(error) });
    }
  }

  /** After each heartbeat. */
  private tend(): void {
    // What no listener told of is found now at the latest.
    for (const supervisor of this.supervisors) supervisor.poke();
    if (this.parts.feeds) this.unused.tend();
    void this.headroom.tend();
  }
}
