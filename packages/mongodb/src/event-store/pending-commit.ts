import { AppendOutcomeUnknown, StoreOverloaded, type StoreTime } from '@nestfold/core';
import type { CommitDocument, CommitStub } from './commit-document.js';
import type { PreparedCommit } from './prepared-commit.js';

/** How the sending of a commit ended: it is there now, or its place in the stream is taken by another commit, or by itself. */
export type SendOutcome =
  | { readonly kind: 'stored'; readonly time: StoreTime }
  | {
      readonly kind: 'taken';
      readonly by: CommitStub;
      readonly time: StoreTime;
      readonly resent: boolean;
      /** Where the stream ended at that moment, where it is known without a look. */
      readonly end?: number;
    };

/** A commit on its way, and its caller. */
export class PendingCommit {
  readonly document: CommitDocument;
  readonly bytes: number;
  /** Whether it has left this process once. */
  sent = false;
  /** Whether an earlier sending of it may have stored it. */
  unsure = false;
  /** How often it was sent again. */
  resends = 0;
  /** Whether its caller has been answered. */
  answered = false;
  /** Its neighbours among all that have no outcome yet; the queue's. */
  previous: PendingCommit | undefined;
  next: PendingCommit | undefined;
  private cause: unknown;

  constructor(
    { document, bytes }: PreparedCommit,
    /** When the caller stops waiting, by the environment's clock. */
    readonly deadline: number,
    private readonly resolve: (outcome: SendOutcome) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.document = document;
    this.bytes = bytes;
  }

  get stream(): string {
    return this.document._id.s;
  }

  settle(outcome: SendOutcome): void {
    this.answered = true;
    this.resolve(outcome);
  }

  fail(error: Error): void {
    this.answered = true;
    this.reject(error);
  }

  /** Notes that nobody knows yet what became of it. */
  doubt(cause: unknown): void {
    this.unsure = true;
    this.cause = cause;
  }

  /** Tells the caller that the wait is over: what never left is surely not stored. */
  giveUp(): void {
    if (this.sent) this.fail(new AppendOutcomeUnknown(this.stream, { cause: this.cause }));
    else
      this.fail(new StoreOverloaded('The append could not be sent in time: nothing of it is stored. Repeat it later.'));
  }
}
