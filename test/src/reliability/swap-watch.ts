import type { ChangeStream, ChangeStreamDocument, Db } from 'mongodb';

/** How swaps of one projection version went, by the server's clock. */
export class SwapWatch {
  /** For how long each held the live generation still until the pointer had moved. */
  readonly heldMs: number[] = [];
  /** How often the live generation was held and given back. */
  handedBack = 0;
  private coordinator: unknown;
  private since: number | undefined;
  private ended: Promise<void> | undefined;
  private failure: unknown;
  private stopping = false;

  private constructor(
    private readonly stream: ChangeStream,
    private readonly name: string,
  ) {}

  /** Of `<projection>.<version>`. */
  static async start(database: Db, name: string): Promise<SwapWatch> {
    const names = ['nestfold.leases', 'nestfold.projections'];
    const stream = database.watch([{ $match: { 'ns.coll': { $in: names } } }], { maxAwaitTimeMS: 200 });
    const watch = new SwapWatch(stream, name);
    await stream.tryNext();
    watch.ended = watch.follow();
    return watch;
  }

  /** How many swaps there were; throws when it has lost sight of them. */
  get count(): number {
    if (this.failure !== undefined) throw new Error('The swaps could not be watched on.', { cause: this.failure });
    return this.heldMs.length;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.stream.close();
    await this.ended;
  }

  private async follow(): Promise<void> {
    try {
      while (!this.stopping) {
        const change = await this.stream.tryNext();
        if (change !== null) this.note(change);
      }
    } catch (error) {
      if (!this.stopping) this.failure = error;
    }
  }

  private note(change: ChangeStreamDocument): void {
    const fields = fieldsOf(change);
    if (fields === undefined || !('documentKey' in change)) return;
    const at = Number(change.wallTime);
    if (change.ns.coll === 'nestfold.projections') {
      if (fields['live'] === undefined || this.since === undefined) return;
      this.heldMs.push(at - this.since);
      this.since = undefined;
      return;
    }
    const key = String((change.documentKey as { readonly _id: unknown })._id);
    const owner = fields['owner'];
    if (key === `${this.name}/swap`) {
      if (this.since !== undefined && owner === undefined) this.handedBack += 1;
      this.since = undefined;
      this.coordinator = owner;
    } else if (owner !== undefined && owner === this.coordinator) this.since ??= at;
  }
}

/** What a change has set; a lease is taken by an update that may be told as a replacement. */
function fieldsOf(change: ChangeStreamDocument): Record<string, unknown> | undefined {
  if (change.operationType === 'update') return change.updateDescription.updatedFields ?? {};
  return change.operationType === 'insert' || change.operationType === 'replace' ? change.fullDocument : undefined;
}
