import {
  isNotFound,
  type Generation,
  type GenerationFailure,
  type PendingSwap,
  type ProgressPart,
  type NestfoldError,
} from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import { ProjectionFold } from '../fold/projection-fold.js';
import { isLoaded } from '../loading/load-place.js';
import { discard } from '../rebuilding/discard.js';
import { TopicFeeding } from '../topics/topic-feeding.js';
import { Backoff } from './backoff.js';
import type { EngineContext } from './engine-context.js';
import { knownSchemas } from './event-needs.js';
import { GenerationView } from './generation-view.js';
import { giveBack } from './give-back.js';
import { HandOver } from './hand-over.js';
import { HeldPartition, PartitionLost } from './held-partition.js';
import { Loading } from './loading.js';
import { PartitionClaims, SHORT_MS } from './partition-claims.js';
import { isCancelled } from './is-cancelled.js';
import { PartitionRunner, type PartitionHost } from './partition-runner.js';
import { SwapAttempts, type SwapCandidate } from './swap-attempts.js';
import { ReadModelIndexes } from './read-model-indexes.js';

/**
 * Feeds a share of one generation's partitions from this process, and sees to the whole: takes and gives back partitions as processes come and go, swaps a
 * build in, takes it away when it is cancelled. Restarts by itself after everything but an event that cannot be applied.
 */
export class GenerationRunner implements PartitionHost, SwapCandidate {
  /** What others may see of it. */
  readonly view: GenerationView;
  readonly topic: TopicFeeding | undefined;
  private readonly stopping = new AbortController();
  private readonly owner: string;
  private readonly knows: readonly string[];
  private readonly claims: PartitionClaims;
  readonly loading: Loading;
  private readonly partitions = new Map<number, PartitionRunner>();
  private readonly failing: Backoff;
  private readonly handOver: HandOver;
  private running: Promise<void> | undefined;
  private changed = new AbortController();
  private prepared: ReturnType<PartitionHost['prepare']> | undefined;
  private readonly swaps: SwapAttempts;

  constructor(
    private readonly context: EngineContext,
    readonly definition: ProjectionDefinition,
    private current: Generation,
    private isPaused = false,
  ) {
    const { environment, settings } = context;
    // The node's id, so that statuses can say who feeds a partition.
    this.owner = context.nodes.own;
    this.knows = knownSchemas(definition.events);
    this.view = new GenerationView(context, current.partitions);
    this.claims = new PartitionClaims(context, current, this.owner, this.knows);
    this.topic = TopicFeeding.of(context, definition, current);
    this.loading = new Loading(context, this, this.view);
    this.handOver = new HandOver(context);
    this.swaps = new SwapAttempts(context, this);
    this.failing = new Backoff(environment, settings.backoffMs, settings.backoffMaxMs);
  }

  get generation(): Generation {
    return this.current;
  }

  get parts(): readonly ProgressPart[] {
    const own = [...this.partitions.values()].map(({ partition, part }) => [`${partition}`, part] as const);
    return Object.values({ ...this.current.parts, ...Object.fromEntries(own) });
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Ends the batches in flight, frees the leases. */
  async stop(): Promise<void> {
    this.end();
    await this.running;
  }

  /** Tells of what another process, or an operator, may have changed. */
  update(generation: Generation, isPaused = this.isPaused): void {
    const before = this.current;
    const wasHeldBack = this.isHeldBack;
    this.current = generation;
    this.isPaused = isPaused;
    this.loading.update(generation);
    // Progress, which is told often, is no reason to look at leases.
    if (phaseOf(before) !== phaseOf(generation) || wasHeldBack !== this.isHeldBack) this.wake();
  }

  /** Looked at here, so that no partition is begun for a generation that has ended. */
  async fresh(): Promise<Generation | undefined> {
    const generation = await this.context.connection.generations.generation(this.current.id);
    if (generation !== undefined) this.update(generation);
    const isOver = generation === undefined || generation.state === 'cancelled' || generation.state === 'retired';
    if (isOver) this.end();
    return isOver ? undefined : generation;
  }

  noteAsked(swap: PendingSwap): void {
    this.current = { ...this.current, swap };
  }

  /** Once for all partitions: each by itself would ask the store for the same. */
  prepare(): ReturnType<PartitionHost['prepare']> {
    this.prepared ??= this.makeReady().catch((error: unknown) => {
      this.prepared = undefined;
      throw error;
    });
    return this.prepared;
  }

  moved(): void {
    if (this.current.state === 'building' && !this.stopping.signal.aborted) this.swaps.try();
  }

  async beginAgain(reason: string): Promise<void> {
    this.context.logger.warn('A build begins again.', { generation: this.current.id, reason });
    // Not where an operator has asked for its end meanwhile, nor where another process was first.
    await this.cancel({ again: true });
  }

  async fail({ key, token }: HeldPartition, failure: GenerationFailure): Promise<void> {
    const { connection, logger } = this.context;
    const { id } = this.current;
    // Somebody else may feed it by now, and get past what this process could not.
    if (!(await connection.generations.fail(id, failure, { key, token })))
      throw new PartitionLost(`'${key}' is not this process's to stop any more.`, { key, token });
    logger.error('A projection has stopped.', { generation: id, ...failure, at: failure.at.toISOString() });
    this.update({ ...this.current, state: 'failed', failure });
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      // What happens from here on is not missed while this looks.
      this.changed = new AbortController();
      try {
        const restMs = await this.look();
        this.failing.reset();
        this.view.claims.leave();
        await this.rest(restMs);
      } catch (error) {
        // One that is gone was ended by another process: the supervisor will stop this runner.
        if (!isNotFound(error)) this.view.claims.retry(this.current.id, error);
        await this.failing.pause(this.stopping.signal);
      }
    }
    await this.loading.stop();
    await this.handOver.leave(this.current, [...this.partitions.values()]);
    await this.swaps.ended;
    await this.topic?.close().catch(() => undefined);
  }

  /** Takes and gives back what is to be taken and given back; answers for how long there is nothing more to do. */
  private async look(): Promise<number> {
    const { settings } = this.context;
    const isStopped = this.current.state === 'failed';
    this.view.stop(isStopped);
    if (isStopped || isCancelled(this.current) || this.isHeldBack) {
      await this.loading.stop();
      await Promise.all([...this.partitions.values()].map((runner) => runner.stop()));
      this.view.rest();
      if (isCancelled(this.current)) await this.cancel();
      return settings.heartbeatMs;
    }
    if (this.topic === undefined && !isLoaded(this.current)) {
      this.loading.start(this.current, this.stopping.signal);
      return settings.heartbeatMs;
    }
    // Not when a partition is just being handed over, and stands still.
    if (this.current.state === 'live') await this.prepare();
    const own = [...this.partitions.keys()];
    const { take, giveBack, waiting, elsewhere, restMs } = await this.claims.look(own);
    this.view.await(waiting, own);
    this.view.leave(elsewhere);
    const spare = giveBack.flatMap((partition) => this.partitions.get(partition) ?? []);
    await this.handOver.give(this.current, spare, this.stopping.signal);
    const taken = await Promise.all(take.map((partition) => this.take(partition)));
    // Who wanted the same was faster: what else is given back is not to wait for a long rest.
    return taken.includes(false) ? Math.min(restMs, SHORT_MS) : restMs;
  }

  /** By an operator: the whole projection, or this build. */
  private get isHeldBack(): boolean {
    return this.isPaused || (this.current.state === 'building' && this.current.paused === true);
  }

  /** Answers false where somebody else has it. */
  private async take(partition: number): Promise<boolean> {
    const held = await HeldPartition.take(this.context, this.claims.keyOf(partition), this.owner, this.knows);
    if (held === undefined) return false;
    if (this.stopping.signal.aborted) return giveBack(this.context, this, held);
    // `!`: there is a view for each partition.
    const runner = new PartitionRunner(this.context, this, partition, held, this.view.partitions[partition]!);
    this.partitions.set(partition, runner);
    void runner.ended.then((end) => {
      this.partitions.delete(partition);
      this.claims.noteEnd(partition, end, this.stopping.signal, () => this.wake());
      this.wake();
    });
    return true;
  }

  private async makeReady(): ReturnType<PartitionHost['prepare']> {
    const { connection, types } = this.context;
    const { collections, slicing, state } = this.current;
    for (const collection of Object.values(collections)) await connection.readModels.create(collection);
    // Readers of what is live need it fresh more than they need an index: it is fed with those that it has.
    const onRefused = state === 'live' ? (error: NestfoldError) => this.complain(error) : undefined;
    const indexes = new ReadModelIndexes(connection.readModels, this.definition, collections, onRefused);
    if (state === 'live') await indexes.buildAll();
    return { fold: new ProjectionFold(this.definition, types, collections, slicing ?? 'single'), indexes };
  }

  private complain({ code, message }: NestfoldError): void {
    const { environment, logger } = this.context;
    this.view.complaint ??= { code, message, at: new Date(environment.now()) };
    logger.error('A live projection lacks an index that it declares, and is fed without it.', {
      generation: this.current.id,
      code,
      error: message,
    });
  }

  private async cancel(options: { readonly again?: boolean } = {}): Promise<void> {
    const { generations } = this.context.connection;
    await discard(this.context, this.current, this.owner, () => generations.cancel(this.current.id, options));
    await this.fresh();
    this.context.logger.info('A build was cancelled.', { generation: this.current.id });
  }

  private wake(): void {
    this.changed.abort();
  }

  private end(): void {
    this.stopping.abort();
    this.wake();
  }

  /** Until `wake`. Not on a signal made of that and `stopping`: each would leave a trace on what lives as long as this. */
  private rest(milliseconds: number): Promise<void> {
    const { environment } = this.context;
    // Half of it is chance, so that processes do not ask together.
    return environment.sleep(milliseconds * (0.5 + 0.5 * environment.random()), this.changed.signal);
  }
}

const phaseOf = ({ state, cancelRequested, load }: Generation): string => `${state} ${cancelRequested} ${load?.done}`;
