import { randomUUID } from 'node:crypto';
import type { Checkpoint, Watermark } from '../checkpoint/checkpoint.js';
import type { BatchWriter, CheckpointStore } from '../checkpoint/checkpoint.port.js';
import type { StoreTime } from '../feed/store-time.js';
import type { StreamName } from '../stream/stream-name.js';
import { InMemoryBatchWriter } from './in-memory-batch-writer.js';
import type { InMemoryDatabase } from './in-memory-database.js';

/** Checkpoints and watermarks in memory. */
export class InMemoryCheckpointStore implements CheckpointStore {
  constructor(private readonly database: InMemoryDatabase) {}

  async find(key: string): Promise<Checkpoint | undefined> {
    return structuredClone(this.database.checkpoints.get(key));
  }

  async findAll(keys: readonly string[]): Promise<readonly Checkpoint[]> {
    return structuredClone([...new Set(keys)].flatMap((key) => this.database.checkpoints.get(key) ?? []));
  }

  claim(key: string, token: number): Promise<Checkpoint | undefined> {
    return this.database.checkpointLock.run(key, async () => {
      const current = this.database.checkpoints.get(key);
      if (current && current.token > token) return undefined;
      const claimed: Checkpoint = { ...current, key, token, batch: randomUUID() };
      this.database.checkpoints.set(key, claimed);
      return structuredClone(claimed);
    });
  }

  async openWriter(): Promise<BatchWriter> {
    return new InMemoryBatchWriter(this.database);
  }

  async watermarks(key: string, streams: readonly StreamName[]): Promise<ReadonlyMap<StreamName, Watermark>> {
    const sought = new Set(streams);
    const latest = new Map<StreamName, Mark>();
    for (const { key: of, time, rows } of this.database.watermarks) {
      if (of !== key) continue;
      for (const row of rows) {
        const known = latest.get(row.stream);
        if (sought.has(row.stream) && (known === undefined || isLater({ time, row }, known)))
          latest.set(row.stream, { time, row });
      }
    }
    return new Map([...latest].map(([stream, { row }]) => [stream, { ...row }]));
  }

  async sweep(key: string, floor: StoreTime): Promise<void> {
    this.database.watermarks = this.database.watermarks.filter((batch) => batch.key !== key || batch.time >= floor);
  }

  remove(key: string): Promise<void> {
    return this.database.checkpointLock.run(key, async () => {
      this.database.checkpoints.delete(key);
      this.database.watermarks = this.database.watermarks.filter((batch) => batch.key !== key);
      for (const [id, one] of this.database.parked) if (one.key === key) this.database.parked.delete(id);
      for (const [id, held] of this.database.heldCommits)
        if (held[0]?.key === key) this.database.heldCommits.delete(id);
    });
  }
}

interface Mark {
  readonly time: StoreTime;
  readonly row: Watermark;
}

/** A redrive writes at the time of the batch before it: of two rows of one time the one that applied more is the later one. */
function isLater({ time, row }: Mark, known: Mark): boolean {
  return time > known.time || (time === known.time && row.applied >= known.row.applied);
}
