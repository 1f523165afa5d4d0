import { isEventFromNewerBuild, type Generation, type StoreTime } from '@nestfold/core';
import { isLateCommit } from '../following/following.errors.js';
import { LoadRunner } from '../loading/load-runner.js';
import { Backoff } from './backoff.js';
import type { EngineContext } from './engine-context.js';
import type { GenerationView } from './generation-view.js';
import { isCancelled } from './is-cancelled.js';
import type { PartitionHost } from './partition-runner.js';

/** This process's part in the load of a generation whose partitions wait for it: begins again by itself after errors that pass. */
export class Loading {
  private running: Promise<void> | undefined;
  private runner: LoadRunner | undefined;
  private stopping = new AbortController();

  constructor(
    private readonly context: EngineContext,
    private readonly host: PartitionHost,
    private readonly view: GenerationView,
  ) {}

  /** Takes part, unless it does already. */
  start(generation: Generation, signal: AbortSignal): void {
    if (this.running !== undefined) return;
    this.stopping = new AbortController();
    const stop = AbortSignal.any([signal, this.stopping.signal]);
    this.running = this.run(generation, stop).finally(() => (this.running = undefined));
  }

  /** See `LoadRunner.watched`. */
  get watched(): StoreTime | undefined {
    return this.runner?.watched;
  }

  /** Tells of what another process, or an operator, may have changed. */
  update(generation: Generation): void {
    this.runner?.update(generation);
    if (generation.state !== 'building') void this.runner?.close();
  }

  /** Ends the batches in flight. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.runner?.close();
  }

  private async run(generation: Generation, signal: AbortSignal): Promise<void> {
    const { environment, settings, logger } = this.context;
    const backoff = new Backoff(environment, settings.backoffMs, settings.backoffMaxMs);
    const view = this.view.loading;
    let current: Generation | undefined = generation;
    while (current !== undefined && isToBeLoaded(current) && !signal.aborted) {
      try {
        view.begin(undefined);
        this.runner = new LoadRunner(this.context, this.host.definition, current, {
          onBatch: (events) => {
            view.count(events);
            view.moved(undefined, true);
          },
          onRetry: (error) => view.retry(generation.id, error),
        });
        await this.runner.run(signal);
        backoff.reset();
      } catch (error) {
        if (isLateCommit(error) && (await this.hasBegunAgain(error))) break;
        const isNewer = isEventFromNewerBuild(error);
        if (isNewer) view.become('newer-build');
        view.retry(generation.id, error);
        logger.warn('The load of a generation was interrupted and goes on.', {
          generation: generation.id,
          error: String(error),
        });
        await (isNewer ? new Backoff(environment, settings.heartbeatMs, settings.heartbeatMs) : backoff).pause(signal);
      }
      current = await this.host.fresh().catch(() => current);
    }
    view.become('waiting');
    view.leave();
  }

  /** Answers false where that failed: the load goes on then, and finds the same again. */
  private async hasBegunAgain({ message }: Error): Promise<boolean> {
    try {
      await this.host.beginAgain(message);
      return true;
    } catch (error) {
      this.context.logger.warn('A build could not be begun again.', { reason: message, error: String(error) });
      return false;
    }
  }
}

function isToBeLoaded(generation: Generation): boolean {
  return generation.state === 'building' && generation.load?.done !== true && !isCancelled(generation);
}
