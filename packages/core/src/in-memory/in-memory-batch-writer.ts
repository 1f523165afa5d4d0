import { randomUUID } from 'node:crypto';
import type { Batch, BatchOutcome, BatchWriter } from '../checkpoint/checkpoint.port.js';
import { plainCopy } from '../event/plain-data.js';
import type { DocumentChange, StoredDocument } from '../read-model/document-change.js';
import type { ReadModelWriter } from '../read-model/read-model.port.js';
import { DocumentDraft } from './document-draft.js';
import type { InMemoryDatabase } from './in-memory-database.js';
import { changeParked } from './in-memory-parked-stream-store.js';

/** Writes batches: `work` changes a draft, which is published with the checkpoint. A claim waits for the batch in flight. */
export class InMemoryBatchWriter implements BatchWriter {
  readonly session = randomUUID();

  constructor(private readonly database: InMemoryDatabase) {}

  async write(batch: Batch, work: (models: ReadModelWriter) => Promise<void>): Promise<BatchOutcome> {
    if (batch.plain !== true) return this.writeAtOnce(batch, work);
    const refusal = this.judge(batch);
    if (refusal) return refusal;
    await this.publish(work);
    return this.writeAtOnce(batch, () => Promise.resolve());
  }

  private writeAtOnce(batch: Batch, work: (models: ReadModelWriter) => Promise<void>): Promise<BatchOutcome> {
    return this.database.checkpointLock.run(batch.key, async () => {
      const refusal = this.judge(batch);
      if (refusal) return refusal;
      await this.publish(work);
      this.move(batch);
      return { kind: 'committed' };
    });
  }

  private async publish(work: (models: ReadModelWriter) => Promise<void>): Promise<void> {
    for (;;) {
      const writer = new DraftWriter(new DocumentDraft(this.database));
      await work(writer);
      if (writer.publish()) return;
    }
  }

  /** A claim waits for the batch in flight: nothing is left open. */
  async close(): Promise<boolean> {
    return true;
  }

  private judge({ key, token, previous, id }: Batch): BatchOutcome | undefined {
    const checkpoint = this.database.checkpoints.get(key);
    if (checkpoint?.token !== token) return { kind: 'fenced' };
    if (checkpoint.batch === id) return { kind: 'committed' };
    if (checkpoint.batch !== previous) return { kind: 'superseded', checkpoint: structuredClone(checkpoint) };
    return undefined;
  }

  private move({ key, id: batch, token, position, floor, last, watermarks, parked }: Batch): void {
    const before = this.database.checkpoints.get(key);
    const moved = {
      ...before,
      key,
      token,
      batch,
      position,
      ...(floor !== undefined && { floor }),
      ...(last && { last }),
    };
    this.database.checkpoints.set(key, structuredClone(moved));
    if (watermarks) this.database.watermarks = [...this.database.watermarks, structuredClone({ key, ...watermarks })];
    if (parked) changeParked(this.database, parked);
  }
}

/** A draft as `work` sees it. */
class DraftWriter implements ReadModelWriter {
  private failure: { readonly error: unknown } | undefined;

  constructor(private readonly draft: DocumentDraft) {}

  async find(collection: string, ids: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>> {
    const found = new Map<string, StoredDocument>();
    for (const id of ids) {
      const document = this.draft.of(collection).find(id);
      if (document) found.set(id, plainCopy(document));
    }
    return found;
  }

  async apply(collection: string, changes: readonly DocumentChange[]): Promise<void> {
    this.attempt(() => changes.forEach((change) => this.draft.of(collection).apply(change)));
  }

  async patchWhere(
    collection: string,
    match: Readonly<Record<string, unknown>>,
    set: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    this.attempt(() => this.draft.of(collection).patchWhere(match, set));
  }

  /** Throws what the store refused, also when `work` caught it: in a database that error has ended the transaction. */
  publish(): boolean {
    if (this.failure) throw this.failure.error;
    return this.draft.publish();
  }

  private attempt(change: () => void): void {
    try {
      change();
    } catch (error) {
      this.failure ??= { error };
      throw error;
    }
  }
}
