import { partitionOf } from '@nestfold/core';
import type { ChangeStream, ChangeStreamDocument, Db, Timestamp } from 'mongodb';
import { until } from '../support/until.js';

interface Waiting {
  readonly visible: Timestamp;
  readonly at: number;
}

/** A partition as it is seen from outside. */
class Partition {
  token = 0;
  /** Of the owner before, while the present one has stored no batch. */
  former: number | undefined;
  lastAt: number | undefined;
  waiting: Waiting[] = [];
}

/**
 * Watches commits come and checkpoints move, by the server's clock: for how long each partition stood still between the last batch of one owner and the
 * first of the next one, though there was something to do.
 */
export class HandOverWatch {
  readonly pausesMs: number[] = [];
  private readonly partitions: readonly Partition[];
  private ended: Promise<void> | undefined;

  private constructor(
    private readonly stream: ChangeStream,
    private readonly prefix: string,
    partitions: number,
  ) {
    this.partitions = Array.from({ length: partitions }, () => new Partition());
  }

  /** Of a generation, by its id and the number of its partitions. */
  static async start(database: Db, generation: string, partitions: number): Promise<HandOverWatch> {
    const names = ['nestfold.checkpoints', 'commits'];
    const stream = database.watch([{ $match: { 'ns.coll': { $in: names } } }], { maxAwaitTimeMS: 200 });
    const watch = new HandOverWatch(stream, `${generation}/`, partitions);
    await stream.tryNext();
    watch.ended = watch.follow();
    return watch;
  }

  /** Waits until so many hand-overs were seen. */
  async sees(count: number, limitMs: number): Promise<void> {
    await until(`${count} hand-overs`, async () => this.pausesMs.length >= count, limitMs);
  }

  async stop(): Promise<void> {
    await this.stream.close();
    await this.ended;
  }

  private async follow(): Promise<void> {
    while (!this.stream.closed) {
      const change = await this.stream.tryNext().catch(() => null);
      if (change?.operationType === 'insert' && change.ns.coll === 'commits') this.noteCommit(change);
      else if (change?.operationType === 'update') this.noteCheckpoint(change);
    }
  }

  private noteCommit(change: Extract<ChangeStreamDocument, { operationType: 'insert' }>): void {
    const { s } = change.documentKey._id as unknown as { readonly s: string };
    const partition = this.partitions[partitionOf(s, this.partitions.length)]!;
    partition.waiting.push({ visible: change.clusterTime!, at: Number(change.wallTime) });
  }

  private noteCheckpoint(change: Extract<ChangeStreamDocument, { operationType: 'update' }>): void {
    const key = String((change.documentKey as { readonly _id: unknown })._id);
    const fields = change.updateDescription.updatedFields ?? {};
    if (!key.startsWith(this.prefix)) return;
    const partition = this.partitions[Number(key.slice(this.prefix.length))];
    if (partition === undefined) return;
    const { token } = fields;
    if (typeof token === 'number' && token !== partition.token) {
      if (partition.lastAt !== undefined) partition.former ??= partition.token;
      partition.token = token;
    }
    const reached = placeIn(fields);
    if (reached === undefined) return;
    const first = partition.waiting[0];
    if (first === undefined || first.visible.greaterThan(reached)) return;
    partition.waiting = partition.waiting.filter(({ visible }) => visible.greaterThan(reached));
    const at = Number(change.wallTime);
    if (partition.former !== undefined) this.pausesMs.push(at - Math.max(first.at, partition.lastAt!));
    partition.former = undefined;
    partition.lastAt = at;
  }
}

/** The time in the feed that a batch led to; an update names the parts of a place that changed. */
function placeIn(fields: Record<string, unknown>): Timestamp | undefined {
  const { position } = fields as { readonly position?: { readonly feed?: { readonly time: Timestamp } } };
  const feed = fields['position.feed'] as { readonly time: Timestamp } | undefined;
  return position?.feed?.time ?? feed?.time ?? (fields['position.feed.time'] as Timestamp | undefined);
}
