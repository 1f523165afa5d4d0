import {
  isFeedHistoryLost,
  isInSlices,
  type ChangeFeed,
  type Environment,
  type FeedPosition,
  type FeedStart,
  type FeedSubscription,
  type LiveCommit,
  type Logger,
  type SliceRange,
  type StoreTime,
} from '@nestfold/core';
import { LateCommit } from './following.errors.js';
import { justBefore, later, readTo } from './store-clock.js';

/** Short, since a history waits for it between two rounds. */
const WAIT_MS = 100;

/** A round of history: it took what is older than `horizon` and was visible at `began`. */
interface Round {
  readonly began: StoreTime;
  readonly horizon: StoreTime;
}

/** Finds the round that should have held a commit but did not: it began before the commit became visible. */
export function missedBy(
  rounds: readonly Round[],
  { commit, visibleAt }: Pick<LiveCommit, 'commit' | 'visibleAt'>,
): boolean {
  const latest = rounds.findLast(({ began }) => began < visibleAt);
  return latest !== undefined && commit.time < latest.horizon;
}

/** Up to where a feed that stands somewhere has surely brought everything: of its own time more may follow. */
export function lookedTo(time: StoreTime | undefined): StoreTime | undefined {
  return time === undefined ? undefined : justBefore(time);
}

/**
 * Reads the live feed beside a long history, only to see whether a commit becomes visible that an earlier round should have held:
 * the live phase drops what was visible when the *last* round began, so nobody else would notice.
 */
export class LatenessWatch {
  private readonly rounds: Round[] = [];
  private subscription: FeedSubscription | undefined;
  private position: FeedPosition | undefined;
  private readonly late: LiveCommit[] = [];
  private failure: unknown;
  /** Whether nothing was passed over unseen. */
  private isWhole = true;
  private running: Promise<void> | undefined;
  private readonly stop = new AbortController();

  constructor(
    private readonly feed: ChangeFeed,
    private readonly environment: Environment,
    private readonly logger: Logger,
    /** `stop`: the first one ends it, for `check`; `deliver`: all are kept, for `take`. */
    private readonly then: 'stop' | 'deliver',
    /** Only streams in these slices matter: what is late in another partition is that one's to notice, which may have taken it in time. */
    private readonly slices?: SliceRange,
  ) {}

  get isOpen(): boolean {
    return this.running !== undefined;
  }

  begin(round: Round): void {
    if (this.rounds.at(-1)?.began !== round.began) this.rounds.push(round);
  }

  /** What it fails to read the feed with, again and again; `undefined` while it reads. */
  get failsWith(): unknown {
    return this.failure;
  }

  /** Up to where it has looked at everything and found nothing late. */
  get clearTo(): StoreTime | undefined {
    return this.late.length === 0 && this.isWhole ? this.position?.time : undefined;
  }

  /** Starts reading at the first round's beginning, or where another watch, which knew of that round alone, has `seen` nothing late. */
  open(seen?: (began: StoreTime) => StoreTime | undefined): void {
    const [first, second] = this.rounds;
    if (first === undefined || this.running !== undefined) return;
    const from = later(lookedTo(seen?.(first.began)), first.began);
    this.running = this.read({ at: second !== undefined && second.began < from ? second.began : from });
  }

  /** Throws `LateCommit` when one was seen that is not to be delivered. */
  check(): void {
    const [first] = this.late;
    if (first !== undefined && this.then === 'stop') throw new LateCommit(first.commit, first.visibleAt);
  }

  /** Hands over those that were visible at a time: what becomes visible after a round's beginning, the next one or the live phase finds again. */
  take(until: StoreTime): readonly LiveCommit[] {
    const after = this.late.findIndex(({ visibleAt }) => visibleAt > until);
    return this.late.splice(0, after === -1 ? this.late.length : after);
  }

  /** Waits until everything that was visible at a time has been looked at; answers false when that takes longer than `timeoutMs`. */
  async passes(time: StoreTime, timeoutMs: number): Promise<boolean> {
    const deadline = this.environment.now() + timeoutMs;
    while (this.position === undefined || readTo(this.position) < time) {
      this.check();
      if (this.environment.now() >= deadline || this.stop.signal.aborted) return false;
      await this.environment.sleep(20, this.stop.signal);
    }
    return true;
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.subscription?.close();
    await this.running;
  }

  private async read(start: FeedStart): Promise<void> {
    let from = start;
    while (!this.isOver) {
      try {
        await this.readFrom(from);
      } catch (error) {
        if (this.stop.signal.aborted) return;
        this.failure = error;
        if (isFeedHistoryLost(error)) {
          this.isWhole = false;
          this.logger.warn(
            'Lateness cannot be measured for a part of the history: the feed does not reach back to it.',
            { error: error.message },
          );
          from = { at: await this.feed.now().catch(() => this.rounds.at(-1)!.began) };
        } else if (this.position !== undefined) {
          from = { after: this.position };
        }
        await this.environment.sleep(1_000, this.stop.signal);
      } finally {
        await this.subscription?.close().catch(() => undefined);
      }
    }
  }

  private async readFrom(start: FeedStart): Promise<void> {
    this.subscription = this.feed.subscribe(start);
    while (!this.isOver) {
      const { commits, position } = await this.subscription.next({ max: 1_000, waitMs: WAIT_MS });
      this.late.push(
        ...commits.filter((one) => isInSlices(one.commit.stream, this.slices) && missedBy(this.rounds, one)),
      );
      this.position = position;
      this.failure = undefined;
    }
  }

  private get isOver(): boolean {
    return this.stop.signal.aborted || (this.then === 'stop' && this.late.length > 0);
  }
}
