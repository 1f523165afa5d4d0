const LOOK_MS = 20;
const MOST_MS = 250;

/**
 * Milliseconds in which this machine ran: a virtual machine that stood still, or a process that was not let run, for a second or two is no fault of what a
 * test measures. What takes its time while the event loop turns counts whole; of each time in which it does not turn, a quarter of a second counts.
 * @publicApi
 */
export class Stopwatch {
  private ranMs = 0;
  private lookedAt = performance.now();
  // It keeps no process alive.
  private readonly timer = setInterval(() => this.look(), LOOK_MS).unref();

  private constructor() {}

  /** Runs from now on, until `stop`. */
  static start(): Stopwatch {
    return new Stopwatch();
  }

  /** Stops it, and answers what it shows: to be asked once. */
  stop(): number {
    clearInterval(this.timer);
    this.look();
    return this.ranMs;
  }

  private look(): void {
    const now = performance.now();
    this.ranMs += Math.min(now - this.lookedAt, MOST_MS);
    this.lookedAt = now;
  }
}
