import { isRebuildRunning, isTransportUnavailable, type GenerationFailure } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';
import { describe } from '../running/failure.js';
import { heard, untilAborted } from '../running/until-aborted.js';

/** A broker that does not answer so soon makes no start wait: the build begins when it does. */
const PATIENCE_MS = 5_000;

/**
 * Begins the first build of a projection that reads a topic. Whether a broker that is away answers takes as long as its client wants, and nobody
 * waits for that: what comes of it is seen at the next look.
 */
export class FirstBuild {
  private attempt: Promise<void> | undefined;
  private isBusy = false;
  private problem: GenerationFailure | undefined;

  /** `begin` begins it; `look` is called when there is something to be seen, or it is time to try again. */
  constructor(
    private readonly context: EngineContext,
    private readonly projection: string,
    private readonly stopping: AbortSignal,
    private readonly begin: () => Promise<unknown>,
    private readonly look: () => void,
  ) {}

  /** Why it has not begun, as far as is known. */
  get waitsFor(): GenerationFailure | undefined {
    return this.problem;
  }

  /** Tries, unless that is being done, or it is too soon after the last time. Any number of calls. */
  try(): void {
    if (this.isBusy || this.stopping.aborted) return;
    this.isBusy = true;
    this.attempt = heard(this.run());
  }

  /** Waits for what was tried last, but not long, and not when it is stopped. Throws what forbids the build. */
  async patience(): Promise<void> {
    if (this.attempt === undefined) return;
    const over = new AbortController();
    void this.context.environment.sleep(PATIENCE_MS, over.signal).then(() => over.abort());
    const tried = this.attempt.then(() => true);
    const either = AbortSignal.any([over.signal, this.stopping]);
    const isOver = await untilAborted(tried, either).finally(() => over.abort());
    if (isOver === undefined && !this.stopping.aborted)
      this.waits('transport.unavailable', 'The broker does not answer yet: see whether it runs.');
  }

  private async run(): Promise<void> {
    try {
      await this.begin();
    } catch (error) {
      // Else another process was first: that is as good.
      if (!isRebuildRunning(error)) return this.failed(error);
    }
    this.problem = undefined;
    this.isBusy = false;
    this.look();
  }

  private failed(error: unknown): void {
    if (this.stopping.aborted) return;
    const { code, message } = describe(error);
    this.waits(code, message);
    if (!isTransportUnavailable(error)) {
      this.isBusy = false;
      throw error;
    }
    // The topic cannot be looked at, or is not there yet: whoever fills it may begin later than this process.
    const { environment, settings } = this.context;
    void environment.sleep(settings.leasePollMs, this.stopping).then(() => {
      this.isBusy = false;
      this.look();
    });
  }

  private waits(code: string, message: string): void {
    const { environment, logger } = this.context;
    this.problem = { code, message, at: new Date(environment.now()) };
    logger.warn('A projection waits for its topic.', { projection: this.projection, error: message });
  }
}
