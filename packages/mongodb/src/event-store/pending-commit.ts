import type { Timestamp } from 'mongodb';
import type { CommitDocument } from './commit-document.js';

/** How the sending of a commit ended: there now, or refused because its place in the stream is taken. */
export type SendOutcome =
  | { readonly kind: 'stored'; readonly time: Timestamp; readonly resent: boolean }
  | { readonly kind: 'taken'; readonly resent: boolean };

/** A commit on its way, and its caller. */
export interface PendingCommit {
  readonly document: CommitDocument;
  readonly stream: string;
  readonly bytes: number;
  /** When the caller stops waiting, by the environment's clock. */
  readonly deadline: number;
  settle(outcome: SendOutcome): void;
  fail(error: unknown): void;
}
