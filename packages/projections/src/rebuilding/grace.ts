import type { EngineContext } from '../running/engine-context.js';

/**
 * How long something has been as it is, counted from when this process first saw it: no two clocks are compared. One at a time; what comes to be
 * the same again has its whole grace again.
 */
export class Grace {
  private counted: { readonly what: string; readonly since: number; readonly ended: AbortController } | undefined;

  constructor(
    private readonly context: EngineContext,
    private readonly stopping: AbortSignal,
    /** Called when it is over. */
    private readonly over: () => void,
  ) {}

  /** Whether `settings.graceMs` have passed since this was asked of it first. */
  isOver(what: string): boolean {
    const { environment, settings } = this.context;
    if (this.counted?.what === what) return environment.now() - this.counted.since >= settings.graceMs;
    this.counted?.ended.abort();
    const ended = new AbortController();
    this.counted = { what, since: environment.now(), ended };
    void environment
      .sleep(settings.graceMs, AbortSignal.any([this.stopping, ended.signal]))
      .then(() => !ended.signal.aborted && this.over());
    return false;
  }
}
