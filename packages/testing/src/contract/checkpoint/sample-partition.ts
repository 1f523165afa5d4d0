import { randomUUID } from 'node:crypto';
import {
  storeTime,
  type Batch,
  type BatchOutcome,
  type BatchWriter,
  type Position,
  type ReadModelWriter,
  type StoreConnection,
} from '@nestfold/core';

/** What a batch does to the read models. */
export type Work = (models: ReadModelWriter) => Promise<void>;

/** Does nothing, as a batch that only saves a position. */
export const noWork: Work = async () => undefined;

/** Some position; a higher step lies later. */
export function samplePosition(step: number): Position {
  return {
    phase: 'live',
    began: storeTime(1000, 1),
    horizon: storeTime(900, 1),
    feed: { token: step.toString(16).padStart(8, '0'), time: storeTime(1000 + step, 1) },
  };
}

/** A claimed partition with its writer, which names each batch's predecessor as an engine does. */
export class SamplePartition {
  private step = 0;

  private constructor(
    readonly key: string,
    readonly token: number,
    readonly writer: BatchWriter,
    private batch: string,
  ) {}

  /** Claims the partition. Throws when it is fenced. */
  static async open(store: StoreConnection, key: string, token = 1): Promise<SamplePartition> {
    const checkpoint = await store.checkpoints.claim(key, token);
    if (checkpoint === undefined) throw new Error(`The claim of '${key}' with token ${token} was refused.`);
    return new SamplePartition(key, token, await store.checkpoints.openWriter(key), checkpoint.batch);
  }

  /** A batch behind the last committed one. */
  next(more: Partial<Batch> = {}): Batch {
    this.step += 1;
    return {
      key: this.key,
      token: this.token,
      previous: this.batch,
      id: randomUUID(),
      position: samplePosition(this.step),
      ...more,
    };
  }

  /** Writes a batch and remembers it when it was committed. */
  async write(work: Work, more: Partial<Batch> = {}): Promise<BatchOutcome> {
    const batch = this.next(more);
    const outcome = await this.writer.write(batch, work);
    if (outcome.kind === 'committed') this.batch = batch.id;
    return outcome;
  }

  close(): Promise<boolean> {
    return this.writer.close();
  }
}

/** Runs with a partition of its own whose writer is closed afterwards, whatever happens. */
export async function withPartition<T>(
  store: StoreConnection,
  key: string,
  use: (partition: SamplePartition) => Promise<T>,
  token = 1,
): Promise<T> {
  const partition = await SamplePartition.open(store, key, token);
  try {
    return await use(partition);
  } finally {
    await partition.close();
  }
}
