import type { Environment } from '../environment/environment.port.js';
import { AppendContention, StoreOverloaded } from '../error/store.errors.js';
import type { StreamName } from './stream-name.js';

/** Named, since without a reason one with a stack would be made each time. */
const TURN_CAME = 'turn came';

interface Turn {
  readonly waiting: ((known: number | undefined) => void)[];
}

/**
 * Lets one writer of a stream come after the other: those of one process would only take each other's place. Who has
 * appended hands on the version at which the stream then ended, so the next one need not ask.
 * @internal
 */
export class StreamTurns {
  private readonly turns = new Map<StreamName, Turn>();
  private waiting = 0;

  constructor(
    private readonly environment: Environment,
    /** So many may wait for a turn, over all streams. */
    private readonly limit: number,
  ) {}

  /** Whether somebody has the turn of a stream, so that another would wait. */
  isTaken(stream: StreamName): boolean {
    return this.turns.has(stream);
  }

  /**
   * Runs `work` in its turn; it is given the version at which the stream ended for its predecessor, where there was one,
   * and answers where it ends now, where it knows. Throws `AppendContention` when the deadline passes first, `StoreOverloaded` when too many wait.
   */
  async run<T>(
    stream: StreamName,
    deadline: number,
    work: (known: number | undefined) => Promise<{ readonly result: T; readonly version?: number | undefined }>,
  ): Promise<T> {
    const known = await this.enter(stream, deadline);
    let version: number | undefined;
    try {
      const done = await work(known);
      version = done.version;
      return done.result;
    } finally {
      this.handOn(stream, version);
    }
  }

  private enter(stream: StreamName, deadline: number): Promise<number | undefined> | undefined {
    const turn = this.turns.get(stream);
    if (!turn) {
      this.turns.set(stream, { waiting: [] });
      return undefined;
    }
    if (this.waiting >= this.limit) {
      throw new StoreOverloaded('Too many appends are waiting: nothing of this one is stored. Repeat it later.', {
        waiting: this.waiting,
      });
    }
    return this.wait(turn, stream, deadline);
  }

  private async wait(turn: Turn, stream: StreamName, deadline: number): Promise<number | undefined> {
    this.waiting += 1;
    const done = new AbortController();
    try {
      return await new Promise<number | undefined>((resolve, reject) => {
        turn.waiting.push(resolve);
        void this.environment.sleep(Math.max(0, deadline - this.environment.now()), done.signal).then(() => {
          const place = turn.waiting.indexOf(resolve);
          if (place < 0) return;
          turn.waiting.splice(place, 1);
          reject(new AppendContention(stream));
        });
      });
    } finally {
      this.waiting -= 1;
      done.abort(TURN_CAME);
    }
  }

  private handOn(stream: StreamName, version: number | undefined): void {
    const next = this.turns.get(stream)?.waiting.shift();
    if (next) next(version);
    else this.turns.delete(stream);
  }
}
