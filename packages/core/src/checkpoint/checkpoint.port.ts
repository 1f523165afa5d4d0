import type { StoreTime } from '../feed/store-time.js';
import type { ParkedChanges } from '../parking/parked-stream-store.port.js';
import type { ReadModelWriter } from '../read-model/read-model.port.js';
import type { StreamName } from '../stream/stream-name.js';
import type { Checkpoint, LastSeen, Position, Watermark } from './checkpoint.js';

/** What one batch moves, guarded by the lease's token and by the batch before it. */
export interface Batch {
  readonly key: string;
  readonly token: number;
  readonly previous: string;
  /** A fresh UUID. */
  readonly id: string;
  readonly position: Position;
  readonly floor?: StoreTime;
  readonly last?: LastSeen;
  /** Written with the batch, as one document; `time` is not before that of any commit in it, and never falls from batch to batch: the latest row of a stream counts. */
  readonly watermarks?: { readonly time: StoreTime; readonly rows: readonly Watermark[] };
  /**
   * `work` first, each of its writes by itself, and then the checkpoint with all the rest: so `work` may have taken effect without it, wholly or in
   * part, also when the batch turns out to be fenced, and must be harmless when repeated. An owner that has lost the partition already is
   * told before it writes.
   */
  readonly plain?: true;
  /** Streams that are held back, that wait longer, or that wait no more. */
  readonly parked?: ParkedChanges;
}

/**
 * How a batch ended: `committed` (also when an unknown outcome turned out so), `fenced` (another token owns the checkpoint:
 * stop), or `superseded` (another batch of the same token is there: go on from the checkpoint that is answered).
 */
export type BatchOutcome =
  | { readonly kind: 'committed' }
  | { readonly kind: 'fenced' }
  | { readonly kind: 'superseded'; readonly checkpoint: Checkpoint };

/** Writes the batches of one partition, on a session of its own. Not for concurrent use. */
export interface BatchWriter {
  /** Names the session: it stands in the lease, so that a taker can end what a dead owner left open. */
  readonly session: string;
  /**
   * Applies a batch atomically: the guarded checkpoint first, then `work`, then the watermarks and what is parked. `work` may run again, so
   * it is repeatable and reads what it needs anew. Its error aborts the batch and is thrown; nothing is stored then.
   * Throws `StoreUnavailable` (retry with back-off, the outcome was resolved first).
   */
  write(batch: Batch, work: (models: ReadModelWriter) => Promise<void>): Promise<BatchOutcome>;
  /**
   * Does what a batch does, without effect and beside whoever holds the partition: `work` reads what is there, and what it writes is dropped. For a
   * store whose first batch in a process takes longer than the next ones. Throws what the store throws.
   */
  rehearse?(work: (models: ReadModelWriter) => Promise<void>): Promise<void>;
  /**
   * Ends the session, within about a second. Answers false where a batch still hangs in it: the lease is to be released with `sessionOpen`
   * then, or the next owner would wait for the database to end it.
   */
  close(): Promise<boolean>;
}

/** Checkpoints and watermarks, keyed by generation and partition. */
export interface CheckpointStore {
  find(key: string): Promise<Checkpoint | undefined>;
  /** Those of several keys that are there, in no order: one question for all partitions of a generation. */
  findAll(keys: readonly string[]): Promise<readonly Checkpoint[]>;
  /**
   * Stamps the checkpoint (made when missing) with a lease's token and a fresh batch id, where its token is lower or equal; waits for a
   * batch in flight. Answers `undefined` when a higher token was there: the claimer is fenced.
   */
  claim(key: string, token: number): Promise<Checkpoint | undefined>;
  openWriter(key: string): Promise<BatchWriter>;
  /** The latest watermark of each of the streams that has one; of two of one time, the one that applied more. */
  watermarks(key: string, streams: readonly StreamName[]): Promise<ReadonlyMap<StreamName, Watermark>>;
  /** Deletes watermarks older than the floor, in portions. */
  sweep(key: string, floor: StoreTime): Promise<void>;
  /** Forgets a checkpoint, its watermarks, and the streams parked in its partition. */
  remove(key: string): Promise<void>;
}
