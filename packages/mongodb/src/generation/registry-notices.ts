import type { Environment, Logger } from '@nestfold/core';

/** Where changes by other processes are heard of. */
export interface NoticeSource {
  /** Whether notices come at once. */
  readonly alive: boolean;
  onNotice(listener: () => void): () => void;
  /** Opens what brings the notices, if it has ended for good. */
  revive(): void;
}

const POLL_MS = 2_000;

/** Tells listeners that the registry may have changed: at once in this process and where the feed lives, else every two seconds. */
export class RegistryNotices {
  private readonly listeners = new Set<() => void>();
  private stop: (() => void) | undefined;

  constructor(
    private readonly source: NoticeSource,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  listen(listener: () => void): () => void {
    // Of one function that listens twice, each time ends by itself.
    const own = (): void => listener();
    this.listeners.add(own);
    this.stop ??= this.start();
    return () => {
      if (!this.listeners.delete(own) || this.listeners.size > 0) return;
      this.stop?.();
      this.stop = undefined;
    };
  }

  /** A listener that fails fails alone: neither the change that it is told of nor the feed is to suffer. */
  tell(): void {
    for (const listener of [...this.listeners]) {
      try {
        listener();
      } catch (error) {
        this.logger.error('A listener to the registry failed.', { error: String(error) });
      }
    }
  }

  private start(): () => void {
    const unlisten = this.source.onNotice(() => this.tell());
    const unpoll = this.environment.every(POLL_MS, () => {
      if (this.source.alive) return;
      this.source.revive();
      this.tell();
    });
    return () => {
      unlisten();
      unpoll();
    };
  }
}
