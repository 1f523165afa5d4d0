import type { Environment } from '@nestfold/core';

/** Those that wait for something to happen, with a limit. */
export class Waiters {
  private readonly waiting = new Set<() => void>();

  constructor(private readonly environment: Environment) {}

  wake(): void {
    const woken = [...this.waiting];
    this.waiting.clear();
    for (const wake of woken) wake();
  }

  /** Settles at the next `wake`, or after so many milliseconds. */
  async wait(milliseconds: number): Promise<void> {
    const limit = new AbortController();
    const woken = new Promise<void>((resolve) => {
      const wake = (): void => {
        this.waiting.delete(wake);
        resolve();
      };
      this.waiting.add(wake);
      limit.signal.addEventListener('abort', wake, { once: true });
    });
    // The sleep ends with the wait: an abandoned timer would keep a stopping process alive.
    await Promise.race([woken, this.environment.sleep(milliseconds, limit.signal)]);
    limit.abort();
  }
}
