import {
  envelopesOf,
  isEventFromNewerBuild,
  type EventEnvelope,
  type ParkedStream,
  type Position,
  type StoreTime,
  type StreamName,
} from '@nestfold/core';
import type { FoldBatch } from '../fold/fold-batch.js';
import type { ProjectionFold } from '../fold/projection-fold.js';
import { weightOf } from '../fold/weight.js';
import { withCommit, type Delivery, type Stretch } from '../following/delivery.js';
import { isCatchingUp } from '../following/store-clock.js';
import { fixedCuts, GrowingCuts } from './cuts.js';
import { eventOf, Insurmountable, mayPass } from './failure.js';
import { folded, FoldedBatch } from './folded-batch.js';
import type { ReadyBatch, TakenDelivery } from './ready-batch.js';
import { heard } from './until-aborted.js';

/** How large batches get. */
export interface BatchLimits {
  readonly liveEvents: number;
  readonly historyEvents: number;
  readonly historyDocuments: number;
  /** What the events of a batch weigh, live and in history. */
  readonly batchBytes: number;
}

/** Which streams are held back. */
export interface HeldStreams {
  /** Asked for each commit. */
  of(stream: StreamName): ParkedStream | undefined;
  /** Holds back a stream from the commit on that cannot be folded. Throws what everything is to stop at, and what the store throws. */
  park(failure: Insurmountable): Promise<ParkedStream>;
}

/** Where stretches come from: a `Follower`. */
export interface StretchSource {
  next(): Promise<Stretch>;
}

/** What a `BatchSource` works with. */
export interface BatchSourceOptions {
  readonly fold: ProjectionFold;
  readonly limits: BatchLimits;
  readonly held: HeldStreams;
  /** How often a method is called that throws, at once: it is pure, so waiting would only hold back the other streams. */
  readonly attempts: number;
  readonly position: Position;
  readonly floor: StoreTime | undefined;
}

/** A batch in the making. */
interface Draft {
  readonly fold: FoldBatch;
  readonly deliveries: TakenDelivery[];
  readonly cuts: GrowingCuts;
  read: number;
  held: number;
  bytes: number;
}

/** Whether what was taken may be written at once: of history, and only of that, more surely follows. */
function isLive(cuts: GrowingCuts): boolean {
  const phase = cuts.last?.position.phase;
  return phase !== undefined && phase !== 'history';
}

/** A commit that cannot be folded. */
interface Stop {
  readonly error: unknown;
  readonly at: Delivery;
}

const FREE = 'free';

function asDelivered(taken: TakenDelivery): Delivery {
  if (taken.held === undefined) return taken;
  const { held: _held, parks: _parks, ...delivery } = taken;
  return delivery;
}

/**
 * Cuts what a follower delivers into batches and folds them: live as soon as something is there and can be written, in history as large
 * as the limits allow. A batch never ends where the follower could not go on. Commits of parked streams are passed on unfolded.
 */
export class BatchSource {
  private queue: readonly Delivery[] = [];
  private pending: Promise<Stretch> | undefined;
  private stretch: Stretch | undefined;
  private floor: StoreTime | undefined;
  private position: Position;
  /** Parked, and not handed over yet. */
  private readonly fresh = new Set<ParkedStream>();

  constructor(
    private readonly follower: StretchSource,
    private readonly options: BatchSourceOptions,
  ) {
    this.position = options.position;
    this.floor = options.floor;
  }

  /**
   * The next batch; one without deliveries says that only the position moved. Live it holds what came until `free`, which is when the batch before it is
   * written (missing: nothing is being written): so what comes meanwhile is written together, and nothing waits for more. Errors are the follower's.
   */
  async next(free?: Promise<unknown>): Promise<ReadyBatch> {
    let isFree = free === undefined;
    const freed: Promise<typeof FREE> = (free ?? Promise.resolve()).then(
      () => FREE,
      () => FREE,
    );
    void freed.then(() => (isFree = true));
    const deliveries: TakenDelivery[] = [];
    const cuts = new GrowingCuts(deliveries, this.floor);
    const draft: Draft = { fold: this.options.fold.begin(), deliveries, cuts, read: 0, held: 0, bytes: 0 };
    for (;;) {
      if (this.stretch === undefined) {
        this.pending ??= heard(this.follower.next());
        const stretch =
          deliveries.length > 0 && isLive(cuts) ? await Promise.race([this.pending, freed]) : await this.pending;
        if (stretch === FREE) return this.handOver(draft);
        this.pending = undefined;
        draft.read += stretch.read;
        this.stretch = stretch;
        this.queue = stretch.deliveries;
        // The feed lost its history: what was taken live is noted as such first, or the way back would apply it again.
        if (deliveries.length > 0 && isWayBack(stretch.position, cuts.last?.position)) return this.handOver(draft);
      }
      const { ended } = this.stretch;
      const end = this.take(draft);
      if (typeof end === 'object') {
        const { error, at } = end;
        try {
          this.fresh.add(await this.options.held.park(new Insurmountable(error, eventOf(error), at.commit)));
          continue;
        } catch (stop) {
          if (!(stop instanceof Insurmountable)) throw stop;
          return this.handOverBefore(isEventFromNewerBuild(error) ? error : stop, draft);
        }
      }
      if (ended === true && this.stretch === undefined) return this.handOver(draft, true);
      if (end === 'full' || deliveries.length === 0 || (isFree && isLive(cuts))) return this.handOver(draft);
    }
  }

  private take(draft: Draft): 'full' | 'more' | Stop {
    const { fold, deliveries, cuts } = draft;
    for (const [index, delivery] of this.queue.entries()) {
      const held = this.options.held.of(delivery.commit.stream);
      try {
        if (held === undefined) this.add(fold, envelopesOf(delivery.commit));
        else draft.held += delivery.commit.events.length;
      } catch (error) {
        this.queue = this.queue.slice(index);
        return { error, at: delivery };
      }
      for (const { data } of delivery.commit.events) draft.bytes += weightOf(data);
      deliveries.push(
        held === undefined
          ? delivery
          : { ...withCommit(delivery, delivery.commit), held, parks: this.fresh.delete(held) },
      );
      if (!this.isFull(draft, delivery)) continue;
      this.queue = this.queue.slice(index + 1);
      if (this.queue.length === 0) this.endStretch(cuts);
      return 'full';
    }
    this.endStretch(cuts);
    return 'more';
  }

  private add(fold: FoldBatch, events: readonly EventEnvelope[]): void {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return fold.addAll(events);
      } catch (error) {
        if (attempt >= this.options.attempts || isEventFromNewerBuild(error) || !mayPass(error)) throw error;
      }
    }
  }

  private endStretch(cuts: GrowingCuts): void {
    const { position, floor } = this.stretch!;
    this.stretch = undefined;
    this.queue = [];
    this.floor = floor ?? this.floor;
    cuts.end(position, this.floor);
  }

  /** Whether enough was taken, and it may end behind this one: whose place is looked at only when it is, for most never are. */
  private isFull({ fold, held, bytes }: Draft, last: Delivery): boolean {
    const { liveEvents, historyEvents, historyDocuments, batchBytes } = this.options.limits;
    const events = fold.events + held;
    const isLarge = fold.documents >= historyDocuments || bytes >= batchBytes;
    if (!isLarge && events < Math.min(liveEvents, historyEvents)) return false;
    const { after } = last;
    return after !== undefined && (isLarge || events >= (isCatchingUp(after) ? historyEvents : liveEvents));
  }

  /** What stands before a commit that cannot be folded; that one, and what may not be cut off before it, comes first next time. */
  private handOverBefore(error: unknown, { deliveries, cuts, read }: Draft): ReadyBatch {
    const end = cuts.last ?? { count: 0, position: this.position, floor: this.floor };
    const kept = deliveries.slice(0, end.count);
    for (const { held, parks } of deliveries.slice(end.count))
      if (held !== undefined && parks === true) this.fresh.add(held);
    this.queue = [...deliveries.slice(end.count).map(asDelivered), ...this.queue];
    this.position = end.position;
    const all = cuts.last === undefined ? fixedCuts([end]) : fixedCuts(cuts.all());
    const { fold } = this.options;
    return new FoldedBatch(fold, folded(fold, kept), kept, all, { read, stopped: { error } });
  }

  private handOver({ fold, deliveries, cuts, read }: Draft, ended = false): ReadyBatch {
    this.position = cuts.last!.position;
    return new FoldedBatch(this.options.fold, fold, deliveries, cuts, { read, ...(ended && { ended }) });
  }
}

/** From where on a follower asks what watermarks name. */
function isWayBack(to: Position, from: Position | undefined): boolean {
  return to.phase !== 'topic' && to.again !== undefined && from?.phase === 'live' && to.again !== from.again;
}
