import { envelopesOf } from '@nestfold/core';
import type { FoldBatch } from '../fold/fold-batch.js';
import type { ProjectionFold } from '../fold/projection-fold.js';
import { fixedCuts, type Cuts } from './cuts.js';
import { indexOfEvent, type ReadyBatch, type TakenDelivery } from './ready-batch.js';

/** What a batch says beside its commits. */
export interface BatchNotes {
  readonly read: number;
  readonly stopped?: { readonly error: unknown };
  readonly ended?: boolean;
}

/** A batch that can be taken apart where it may be cut, which folds the parts anew. */
export class FoldedBatch implements ReadyBatch {
  readonly read: number;
  readonly stopped?: { readonly error: unknown };
  readonly ended?: boolean;

  constructor(
    private readonly folding: ProjectionFold,
    readonly fold: FoldBatch,
    readonly deliveries: readonly TakenDelivery[],
    readonly cuts: Cuts,
    { read, stopped, ended }: BatchNotes,
  ) {
    this.read = read;
    if (stopped !== undefined) this.stopped = stopped;
    if (ended !== undefined) this.ended = ended;
  }

  before(event: string): ReadyBatch | undefined {
    const index = indexOfEvent(this.deliveries, event);
    const end = this.cuts.all().findLastIndex(({ count }) => count > 0 && count <= index);
    return end < 0 ? undefined : this.part(0, end);
  }

  halves(): readonly [ReadyBatch, ReadyBatch] | undefined {
    const all = this.deliveries.length;
    const cuts = this.cuts.all();
    const inner = cuts.flatMap(({ count }, index) => (count > 0 && count < all ? [{ count, index }] : []));
    const { index } = inner.find(({ count }) => 2 * count >= all) ?? inner.at(-1) ?? {};
    return index === undefined ? undefined : [this.part(0, index), this.part(index + 1, cuts.length - 1)];
  }

  /** The commits between the cut before `first` and the cut `last`. Throws what a method throws. */
  private part(first: number, last: number): FoldedBatch {
    const all = this.cuts.all();
    const [begin, end] = [all[first - 1]?.count ?? 0, all[last]!.count];
    const deliveries = this.deliveries.slice(begin, end);
    const cuts = all.slice(first, last + 1).map((cut) => ({ ...cut, count: cut.count - begin }));
    return new FoldedBatch(this.folding, folded(this.folding, deliveries), deliveries, fixedCuts(cuts), {
      read: deliveries.length,
    });
  }
}

/** Commits in a fold of their own, save for those that are held back. Throws what a method throws. */
export function folded(folding: ProjectionFold, deliveries: readonly TakenDelivery[]): FoldBatch {
  const fold = folding.begin();
  for (const { commit, held } of deliveries) {
    if (held === undefined) fold.addAll(envelopesOf(commit));
  }
  return fold;
}
