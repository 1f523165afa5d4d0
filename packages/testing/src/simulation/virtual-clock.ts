/** Something that is to happen at a virtual time. */
interface Scheduled {
  readonly at: number;
  /** Of what is due at the same moment, the lower goes first: chance, so that all orders are met. */
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/** Takes something off the schedule. */
export type Cancel = () => void;

/**
 * Virtual time. Nothing happens but what was scheduled here; between two such things all promises run as far as they can. So time passes at once,
 * and the same schedule always leads to the same run. Uses no timer of the machine.
 */
export class VirtualClock {
  private readonly heap: Scheduled[] = [];
  private current: number;
  private ran = 0;

  /** `order` breaks ties: a number of chance. Times are milliseconds since 1970. */
  constructor(
    start: number,
    private readonly order: () => number,
  ) {
    this.current = start;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.current;
  }

  /** How many things have happened. */
  get steps(): number {
    return this.ran;
  }

  /** Calls `run` when so many milliseconds have passed. */
  after(milliseconds: number, run: () => void): Cancel {
    const scheduled = {
      at: this.current + Math.max(0, milliseconds),
      order: this.order(),
      run,
      isCancelled: false,
    };
    this.push(scheduled);
    return () => {
      scheduled.isCancelled = true;
    };
  }

  /** Ends when so many milliseconds have passed. */
  pass(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.after(milliseconds, resolve));
  }

  /**
   * Lets time pass until `main` has ended, and answers what it did. Throws `VirtualDeadlock` when nothing is scheduled any more, or more than
   * `maxSteps` things have happened.
   */
  async run<T>(main: Promise<T>, maxSteps: number): Promise<T> {
    let isOver = false;
    const over = (): void => void (isOver = true);
    main.then(over, over);
    await settledPromises();
    while (!isOver) {
      const next = this.pop();
      if (next === undefined)
        throw new VirtualDeadlock('Nothing is scheduled any more, and the simulation has not ended.');
      if (this.ran >= maxSteps) throw new VirtualDeadlock(`More than ${maxSteps} things have happened.`);
      this.current = Math.max(this.current, next.at);
      this.ran += 1;
      next.run();
      await settledPromises();
    }
    return main;
  }

  private push(scheduled: Scheduled): void {
    const { heap } = this;
    let at = heap.push(scheduled) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(scheduled, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = scheduled;
  }

  private pop(): Scheduled | undefined {
    for (;;) {
      const first = this.heap[0];
      const last = this.heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (first !== last) this.sink(last);
      if (!first.isCancelled) return first;
    }
  }

  private sink(scheduled: Scheduled): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1;
      if (!isBefore(heap[below]!, scheduled)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = scheduled;
  }
}

/** A simulation that can go no further, or does not end: a promise waits for something that nobody will do. */
export class VirtualDeadlock extends Error {}

function isBefore(one: Scheduled, other: Scheduled): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** All promises have run as far as they can: the machine turns to its next task only then. */
function settledPromises(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
