import { envelopesOf, type Position, type StoreTime } from '@nestfold/core';
import type { FoldBatch } from '../fold/fold-batch.js';
import type { ProjectionFold } from '../fold/projection-fold.js';
import type { Delivery, Stretch } from '../following/delivery.js';
import { heard } from './until-aborted.js';
import { indexOfEvent, type Cut, type ReadyBatch } from './ready-batch.js';

/** How large batches get. */
export interface BatchLimits {
  readonly liveEvents: number;
  readonly historyEvents: number;
  readonly historyDocuments: number;
}

const FREE = 'free';

/** Where stretches come from: a `Follower`. */
export interface StretchSource {
  next(): Promise<Stretch>;
}

/**
 * Cuts what a follower delivers into batches and folds them: live as soon as something is there and can be written, in history as large
 * as the limits allow. A batch never ends where the follower could not go on.
 */
export class BatchSource {
  private queue: readonly Delivery[] = [];
  private pending: Promise<Stretch> | undefined;
  private stretch: Stretch | undefined;
  private floor: StoreTime | undefined;
  private position: Position;
  private failure: { readonly error: unknown; readonly failedAt: Delivery } | undefined;

  constructor(
    private readonly follower: StretchSource,
    private readonly fold: ProjectionFold,
    private readonly limits: BatchLimits,
    start: { readonly position: Position; readonly floor: StoreTime | undefined },
  ) {
    this.position = start.position;
    this.floor = start.floor;
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
    let fold = this.fold.begin();
    const deliveries: Delivery[] = [];
    const cuts: Cut[] = [];
    let read = 0;
    for (;;) {
      if (this.stretch === undefined) {
        this.pending ??= heard(this.follower.next());
        const stretch =
          deliveries.length > 0 && cuts.at(-1)?.position.phase === 'live'
            ? await Promise.race([this.pending, freed])
            : await this.pending;
        if (stretch === FREE) return this.handOver({ fold, deliveries, cuts, read });
        this.pending = undefined;
        read += stretch.read;
        this.stretch = stretch;
        this.queue = stretch.deliveries;
        // The feed lost its history: what was taken live is noted as such first, or the way back would apply it again.
        if (deliveries.length > 0 && stretch.position.phase === 'history' && cuts.at(-1)?.position.phase === 'live')
          return this.handOver({ fold, deliveries, cuts, read });
      }
      const end = this.take(fold, deliveries, cuts);
      if (end === 'failed') {
        const { error, failedAt } = this.failure!;
        const kept = cuts.at(-1)?.count ?? 0;
        this.queue = [...deliveries.slice(kept), failedAt, ...this.queue];
        fold = this.refolded(deliveries.slice(0, kept));
        if (cuts.length === 0) cuts.push({ count: 0, position: this.position, floor: this.floor });
        return this.handOver({ fold, deliveries: deliveries.slice(0, kept), cuts, read, stoppedBy: error });
      }
      if (end === 'full' || deliveries.length === 0 || (isFree && cuts.at(-1)?.position.phase === 'live'))
        return this.handOver({ fold, deliveries, cuts, read });
    }
  }

  private take(fold: FoldBatch, deliveries: Delivery[], cuts: Cut[]): 'full' | 'failed' | 'more' {
    for (const [index, delivery] of this.queue.entries()) {
      try {
        for (const event of envelopesOf(delivery.commit)) fold.add(event);
      } catch (error) {
        this.failure = { error, failedAt: delivery };
        this.queue = this.queue.slice(index + 1);
        return 'failed';
      }
      deliveries.push(delivery);
      if (delivery.after === undefined) continue;
      cuts.push({ count: deliveries.length, position: delivery.after, floor: this.floor });
      if (!this.isFull(fold, delivery.after)) continue;
      this.queue = this.queue.slice(index + 1);
      if (this.queue.length === 0) this.endStretch(deliveries, cuts);
      return 'full';
    }
    this.endStretch(deliveries, cuts);
    return 'more';
  }

  private endStretch(deliveries: readonly Delivery[], cuts: Cut[]): void {
    const { position, floor } = this.stretch!;
    this.stretch = undefined;
    this.queue = [];
    this.floor = floor ?? this.floor;
    cuts.push({ count: deliveries.length, position, floor: this.floor });
  }

  private isFull(fold: FoldBatch, { phase }: Position): boolean {
    const { liveEvents, historyEvents, historyDocuments } = this.limits;
    return fold.events >= (phase === 'live' ? liveEvents : historyEvents) || fold.documents >= historyDocuments;
  }

  private refolded(deliveries: readonly Delivery[]): FoldBatch {
    const fold = this.fold.begin();
    for (const { commit } of deliveries) for (const event of envelopesOf(commit)) fold.add(event);
    return fold;
  }

  private before(event: string, deliveries: readonly Delivery[], cuts: readonly Cut[]): ReadyBatch | undefined {
    const index = indexOfEvent(deliveries, event);
    const end = cuts.findLastIndex(({ count }) => count > 0 && count <= index);
    const cut = cuts[end];
    if (cut === undefined) return undefined;
    const kept = deliveries.slice(0, cut.count);
    return {
      fold: this.refolded(kept),
      deliveries: kept,
      cuts: cuts.slice(0, end + 1),
      read: kept.length,
      before: () => undefined,
    };
  }

  private handOver(batch: Omit<ReadyBatch, 'before'>): ReadyBatch {
    this.position = batch.cuts.at(-1)!.position;
    return { ...batch, before: (event) => this.before(event, batch.deliveries, batch.cuts) };
  }
}
