import { AppendOutcomeUnknown, type Environment, type StreamName } from '@nestfold/core';
import type { ClientSession, Collection, Timestamp } from 'mongodb';
import type { CommitDocument } from './commit-document.js';
import { insertCommits } from './insert-commits.js';
import type { PendingCommit } from './pending-commit.js';

/** At most so many inserts at once on the pool for uncertain commits. */
const AT_ONCE = 8;
/** A part that blocks is soon divided; a commit that is alone may wait longer. */
const PART_LIMIT_MS = 150;
const ALONE_LIMIT_MS = 1000;
const DIVIDE_BY = 8;
const PAUSES_MS = [0, 20, 50, 100, 250, 500];

/**
 * Sends commits of unknown outcome again, the same documents, until each is inserted or refused as a duplicate: a read can not tell,
 * since a commit that a majority does not see yet may come to be there. Parts that stay unknown are divided, so that
 * a stream that blocks ends up alone.
 */
export class ResendQueue {
  private readonly parts: { commits: readonly PendingCommit[]; attempt: number }[] = [];
  private running = 0;
  private closed = false;

  constructor(
    private readonly collection: Collection<CommitDocument>,
    private readonly environment: Environment,
  ) {}

  /** Takes commits over; each is settled or failed in the end. */
  add(commits: readonly PendingCommit[], attempt = 0): void {
    for (const part of divided(commits)) this.parts.push({ commits: part, attempt });
    this.pump();
  }

  /** Gives up: everything left is told that its outcome is unknown. */
  close(): void {
    this.closed = true;
    for (const { commits } of this.parts.splice(0)) for (const commit of commits) giveUp(commit, undefined);
  }

  private pump(): void {
    while (this.running < AT_ONCE) {
      const part = this.parts.shift();
      if (!part) return;
      this.running += 1;
      void this.send(part.commits, part.attempt).finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }

  private async send(commits: readonly PendingCommit[], attempt: number): Promise<void> {
    await this.environment.sleep(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 0);
    const session = this.collection.client.startSession();
    try {
      const maxTimeMS = commits.length === 1 ? ALONE_LIMIT_MS : PART_LIMIT_MS;
      const outcomes = await insertCommits(
        this.collection,
        commits.map(({ document }) => document),
        { session, maxTimeMS },
      );
      const unknown = commits.filter((commit, index) => {
        const outcome = outcomes[index];
        if (outcome?.kind === 'stored') commit.settle({ kind: 'stored', time: timeOf(session), resent: true });
        else if (outcome?.kind === 'taken') commit.settle({ kind: 'taken', resent: true });
        else if (outcome?.kind === 'failed') commit.fail(outcome.cause);
        else if (this.closed || this.environment.now() >= commit.deadline) giveUp(commit, outcome?.cause);
        else return true;
        return false;
      });
      if (unknown.length > 0) this.add(unknown, attempt + 1);
    } finally {
      await session.endSession();
    }
  }
}

function divided(commits: readonly PendingCommit[]): PendingCommit[][] {
  const size = Math.ceil(commits.length / DIVIDE_BY);
  const parts: PendingCommit[][] = [];
  for (let first = 0; first < commits.length; first += size) parts.push(commits.slice(first, first + size));
  return parts;
}

function giveUp(commit: PendingCommit, cause: unknown): void {
  commit.fail(new AppendOutcomeUnknown(commit.stream as StreamName, { cause }));
}

function timeOf(session: ClientSession): Timestamp {
  return session.operationTime as Timestamp;
}
