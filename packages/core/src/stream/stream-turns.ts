import type { Environment } from '../environment/environment.port.js';
import { AppendContention, StoreOverloaded } from '../error/store.errors.js';
import type { StreamName } from './stream-name.js';

/** Named, since without a reason one with a stack would be made each time. */
const TURN_CAME = 'turn came';

interface Turn<K> {
  readonly waiting: ((known: K | undefined) => void)[];
}

/**
 * Lets one writer of a stream come after the other: those of one process would only take each other's place. Who has
 * appended hands on what it knows of the stream, such as the version at which it ended, so the next one need not ask.
 * @internal
 */
export class StreamTurns<K = number> {
  private readonly turns = new Map<StreamName, Turn<K>>();
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
   * Runs `work` in its turn; it is given what its predecessor knew of the stream, where there was one, and answers what the
   * next one may know. Throws `AppendContention` when the deadline passes first, `StoreOverloaded` when too many wait.
   */
  async run<T>(
    stream: StreamName,
    deadline: number,
    work: (known: K | undefined) => Promise<{ readonly result: T; readonly known?: K | undefined }>,
  ): Promise<T> {
    const known = await this.enter(stream, deadline);
    let handed: K | undefined;
    try {
      const done = await work(known);
      handed = done.known;
      return done.result;
    } finally {
      this.handOn(stream, handed);
    }
  }

  private enter(stream: StreamName, deadline: number): Promise<K | undefined> | undefined {
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

  private async wait(turn: Turn<K>, stream: StreamName, deadline: number): Promise<K | undefined> {
    this.waiting += 1;
    const done = new AbortController();
    try {
      return await new Promise<K | undefined>((resolve, reject) => {
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

  private handOn(stream: StreamName, known: K | undefined): void {
    const next = this.turns.get(stream)?.waiting.shift();
    if (next) next(known);
    else this.turns.delete(stream);
  }
}
