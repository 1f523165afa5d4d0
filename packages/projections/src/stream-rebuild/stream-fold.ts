import { envelopesOf, lastVersionOf, type Commit, type EventStore, type StreamName } from '@nestfold/core';
import { notApplied } from '../fold/not-applied.js';
import type { ProjectionFold } from '../fold/projection-fold.js';
import { eventOf } from '../running/failure.js';
import { PartitionLost } from '../running/held-partition.js';
import { ScratchDocuments } from './scratch-documents.js';
import { StreamTooLarge } from './stream-too-large.error.js';

/** Commits read at a time. */
const PAGE = 200;
/** What one transaction replaces well within its time. */
export const MOST_DOCUMENTS = 10_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** What a stream's events make of nothing. */
export interface FoldedStream {
  readonly documents: ScratchDocuments;
  /** The version of the last event in it; 0 for none. */
  readonly version: number;
}

/**
 * Folds a stream from its first event on, as far as `isApplied` says, page by page: memory holds one page and the documents, which may be as many as one
 * transaction replaces. Throws what a method throws, bearing the event, `StreamTooLarge`, and `PartitionLost` when `signal` aborts.
 */
export async function foldStream(
  events: EventStore,
  fold: ProjectionFold,
  stream: StreamName,
  isApplied: (commit: Commit) => boolean,
  signal: AbortSignal,
): Promise<FoldedStream> {
  const documents = new ScratchDocuments();
  let version = 0;
  for (;;) {
    if (signal.aborted) throw new PartitionLost(`The rebuild of '${stream}' is being given up.`);
    const { commits } = await events.read(stream, { fromVersion: version + 1, limit: PAGE });
    const end = commits.findIndex((commit) => !isApplied(commit));
    const page = end < 0 ? commits : commits.slice(0, end);
    await foldPage(fold, page, documents);
    version = page.length === 0 ? version : lastVersionOf(page.at(-1)!);
    if (documents.count > MOST_DOCUMENTS) throw new StreamTooLarge(stream, `${MOST_DOCUMENTS} documents`);
    if (documents.bytes > MOST_BYTES) throw new StreamTooLarge(stream, '16 MiB of documents');
    if (end >= 0 || commits.length < PAGE) return { documents, version };
  }
}

async function foldPage(fold: ProjectionFold, page: readonly Commit[], documents: ScratchDocuments): Promise<void> {
  const batch = fold.begin();
  for (const commit of page) batch.addAll(envelopesOf(commit));
  try {
    await batch.apply(documents);
  } catch {
    // Which event it was shows when they are applied one by one.
    documents.undoPage();
    try {
      await batch.apply(documents, { careful: true });
    } catch (error) {
      const { suspect } = batch;
      throw eventOf(error) === undefined && suspect !== undefined ? notApplied(suspect, error) : error;
    }
  }
  documents.endPage();
}
