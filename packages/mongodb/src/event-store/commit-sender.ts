import { AppendOutcomeUnknown, type Environment, type StreamName } from '@nestfold/core';
import type { ClientSession, Collection, MongoClient, Timestamp } from 'mongodb';
import type { CommitDocument } from './commit-document.js';
import { GroupCommit, type GroupCommitLimits } from './group-commit.js';
import { insertCommits } from './insert-commits.js';
import type { PendingCommit } from './pending-commit.js';
import { ResendQueue } from './resend-queue.js';

const FLUSH_LIMIT_MS = 1000;

/** Sends commits in groups, each until it is certain what became of it, or its caller's time is over. */
export class CommitSender {
  private readonly sessions: ClientSession[];
  private readonly group: GroupCommit;
  private readonly resends: ResendQueue;

  constructor(
    client: MongoClient,
    private readonly commits: Collection<CommitDocument>,
    /** The same collection through a pool of its own: what blocks there takes no connection from others. */
    aside: Collection<CommitDocument>,
    private readonly environment: Environment,
    limits: GroupCommitLimits,
  ) {
    // A session tells the operation's time; each slot has one command in flight, so one session.
    this.sessions = Array.from({ length: limits.flushes }, () => client.startSession());
    this.group = new GroupCommit((batch, slot) => this.flush(batch, slot), limits);
    this.resends = new ResendQueue(aside, environment);
  }

  /** Sends a commit. The promise it answers settles by the caller's deadline. Throws `StoreOverloaded`, `AppendOutcomeUnknown`. */
  send(document: CommitDocument, bytes: number, deadline: number): Promise<SentCommit> {
    return new Promise((resolve, reject) => {
      const pending: PendingCommit = {
        document,
        stream: document._id.s,
        bytes,
        deadline,
        settle: (outcome) => {
          resolve(outcome);
          this.group.release(pending);
        },
        fail: (error) => {
          reject(error as Error);
          this.group.release(pending);
        },
      };
      this.group.add(pending);
    });
  }

  /** Waits for what is on its way, for a while; what is left then is told that its outcome is unknown. */
  async close(limitMs: number): Promise<void> {
    const late = new AbortController();
    await Promise.race([this.group.close(), this.environment.sleep(limitMs, late.signal)]);
    late.abort();
    for (const pending of this.group.abandonWaiting()) pending.fail(new AppendOutcomeUnknown(pending.stream as StreamName));
    this.resends.close();
    for (const session of this.sessions) await session.endSession();
  }

  private async flush(batch: readonly PendingCommit[], slot: number): Promise<void> {
    const session = this.sessions[slot] as ClientSession;
    const outcomes = await insertCommits(
      this.commits,
      batch.map(({ document }) => document),
      { session, maxTimeMS: FLUSH_LIMIT_MS },
    );
    const time = session.operationTime as Timestamp;
    const unknown: PendingCommit[] = [];
    for (const [index, outcome] of outcomes.entries()) {
      const pending = batch[index] as PendingCommit;
      if (outcome.kind === 'stored') pending.settle({ kind: 'stored', time, resent: false });
      else if (outcome.kind === 'taken') pending.settle({ kind: 'taken', resent: false });
      else if (outcome.kind === 'failed') pending.fail(outcome.cause);
      else unknown.push(pending);
    }
    // Outside of the slot: what is uncertain keeps nobody waiting but its own stream.
    if (unknown.length > 0) this.resends.add(unknown);
  }
}

type SentCommit = Parameters<PendingCommit['settle']>[0];
