import type { Checkpoint, Position, SliceRange, StoreTime } from '@nestfold/core';
import type { DocumentMemory } from '../fold/document-memory.js';
import type { ProjectionFold } from '../fold/projection-fold.js';
import type { PartitionParking } from '../parking/partition-parking.js';
import type { BatchLimits, StretchSource } from './batch-source.js';
import type { AskedRebuilds } from './owner-requests.js';
import type { ReadyBatch } from './ready-batch.js';

/** Where stretches come from, and where it begins. */
export interface FeedingSource extends StretchSource {
  readonly position: Position;
  readonly floor?: StoreTime | undefined;
  close(): Promise<void>;
}

/** What is fed, and who hears of it. */
export interface FeedingOptions {
  readonly fold: ProjectionFold;
  readonly types: readonly string[];
  /** Only streams in these slices. */
  readonly slices?: SliceRange;
  /** Which streams are held back, and what becomes of an event that cannot be applied. */
  readonly parking: PartitionParking;
  /** Rebuilds of streams; missing where what they feed cannot be told apart. */
  readonly rebuilds?: AskedRebuilds;
  /** Whether documents are remembered from batch to batch: while a generation is built. */
  readonly remembers: () => boolean;
  /** Called between history and the live phase. */
  readonly beforeLive: () => Promise<void>;
  /** Called before a batch is written: for what must be there first. */
  readonly beforeBatch: (batch: ReadyBatch) => Promise<void>;
  /** Called after each batch, with what saves the place that it led to; answers true to end the feeding. */
  readonly afterBatch: (batch: ReadyBatch, save: () => Promise<void>) => Promise<boolean>;
  /** Called with the place from which it follows, which it may have begun from before. */
  readonly onBegin: (time: StoreTime | undefined) => void;
  /** Called after each batch, also an empty one. */
  readonly onMove: (time: StoreTime | undefined, isApplied: boolean) => void;
  readonly onRetry: (error: unknown) => void;
  /** Where a generation begins of which other means stored the rest, instead of at the beginning. */
  readonly start?: Position;
  /** Up to where others have looked for commits that are late for the round that began then. */
  readonly watched?: (began: StoreTime) => StoreTime | undefined;
  /** Instead of a follower of the store. */
  readonly source?: (stored: Checkpoint, atEnd: () => Promise<void>) => FeedingSource | Promise<FeedingSource>;
  /** Instead of the settings' sizes, below which batches follow the store's pace. */
  readonly bounds?: BatchLimits;
  /** Instead of sizes that follow the store's pace. */
  readonly limits?: BatchLimits;
  /** Instead of a memory of its own; asked for when feeding begins, also again. */
  readonly memory?: () => DocumentMemory | undefined;
}
