import { StoreOverloaded, type Environment, type StoreTime } from '@nestfold/core';
import { refusalOf } from './append-refusal.js';
import { lastVersion } from './commit-document.js';
import type { CommitInserter } from './commit-inserter.js';
import { CommitQueue, type QueueLimits } from './commit-queue.js';
import type { Holders, PlacedCommit } from './commit-reader.js';
import { faultAt, type InsertReply } from './insert-reply.js';
import { PendingCommit, type SendOutcome } from './pending-commit.js';
import type { PreparedCommit } from './prepared-commit.js';
import { ResendLane } from './resend-lane.js';

const FLUSHES = 2;
/** Fewer than so many leave together even when both slots are free. */
const WORTH_SPLITTING = 16;
const FLUSH_LIMIT_MS = 1_000;
const DEADLINE_GRAIN_MS = 25;

/** Who is known to hold a place. */
type Holder = Pick<Extract<SendOutcome, { kind: 'taken' }>, 'by' | 'time' | 'end'>;

/** What a group commit works with. */
export interface GroupCommitParts {
  readonly environment: Environment;
  readonly inserter: Pick<CommitInserter, 'insert'>;
  /** The same on a pool of its own: what blocks there takes no connection from others. */
  readonly aside: Pick<CommitInserter, 'insert'>;
  /** Looks until a deadline who holds the places that commits wanted, as a majority knows it. */
  readonly holdersOf: (places: readonly PlacedCommit[], deadline: number) => Promise<Holders>;
}

/**
 * Commits that arrive while inserts are in flight leave together. No timer: a lone commit leaves at once, and at most two
 * inserts are in flight. Each commit has its own outcome, whatever becomes of the others in its insert.
 */
export class GroupCommit {
  private readonly queue: CommitQueue;
  private readonly resends: ResendLane;
  private readonly stopWatch: () => void;
  private freeSlots = FLUSHES;
  private pumping = false;
  private closed = false;
  private drained: (() => void) | undefined;

  constructor(
    private readonly parts: GroupCommitParts,
    limits: QueueLimits,
  ) {
    const { environment, aside } = parts;
    this.queue = new CommitQueue(limits);
    this.resends = new ResendLane(
      environment,
      aside,
      (batch, reply) => this.route(batch, reply),
      (commit) => this.leave(commit),
    );
    this.stopWatch = environment.every(DEADLINE_GRAIN_MS, () => this.endWaits());
  }

  /**
   * Sends a commit until it is certain what became of it, or its caller's time is over. Throws `StoreOverloaded` (nothing is
   * stored), `AppendOutcomeUnknown`, and `InvalidEvent` or `StoreUnavailable` for what the server refuses.
   */
  send(prepared: PreparedCommit, deadline: number): Promise<SendOutcome> {
    return new Promise((resolve, reject) => {
      this.insistOpen();
      this.queue.add(new PendingCommit(prepared, deadline, resolve, reject));
      this.pumpSoon();
    });
  }

  /** Throws `StoreOverloaded` once it was closed. */
  insistOpen(): void {
    if (this.closed) throw new StoreOverloaded('The store is shutting down: it takes no appends any more.');
  }

  /** Takes nothing more and waits for what is on its way, at most so long; then what is left is told so. */
  async close(limitMs: number): Promise<void> {
    this.closed = true;
    if (this.queue.openCount > 0) {
      const late = new AbortController();
      const drained = new Promise<void>((resolve) => (this.drained = resolve));
      await Promise.race([drained, this.parts.environment.sleep(limitMs, late.signal)]);
      late.abort();
    }
    this.stopWatch();
    this.resends.close();
    for (const commit of this.queue.unanswered()) {
      commit.giveUp();
      this.forget(commit);
    }
  }

  /** Behind all that arrives in the same turn, so that it leaves together. */
  private pumpSoon(): void {
    if (this.pumping || this.freeSlots === 0) return;
    this.pumping = true;
    queueMicrotask(() => {
      this.pumping = false;
      this.pump();
    });
  }

  private pump(): void {
    while (this.freeSlots > 0 && this.queue.readyCount > 0) {
      // Two even inserts overlap, one at the server and one in the making; a large and a small one do not.
      const split = this.freeSlots === FLUSHES && this.queue.readyCount >= WORTH_SPLITTING;
      const batch = this.queue.take(split ? 2 : 1);
      if (batch.some((commit) => commit.answered)) this.dropAnswered(batch);
      else void this.flush(batch);
    }
  }

  /** Callers whose time was over before their commit left. */
  private dropAnswered(batch: readonly PendingCommit[]): void {
    const waited = batch.filter((commit) => !commit.answered);
    for (const commit of batch) if (commit.answered) this.leave(commit);
    if (waited.length > 0) void this.flush(waited);
  }

  private async flush(batch: readonly PendingCommit[]): Promise<void> {
    this.freeSlots -= 1;
    for (const commit of batch) commit.sent = true;
    const documents = batch.map(({ document }) => document);
    const reply = await this.parts.inserter.insert(documents, FLUSH_LIMIT_MS);
    this.route(batch, reply);
    // Behind the callers whom the reply has woken: their next commits leave together.
    setImmediate(() => {
      this.freeSlots += 1;
      this.pump();
    });
  }

  /** Gives each commit of an insert its own outcome. */
  private route(batch: readonly PendingCommit[], reply: InsertReply): void {
    const taken: PendingCommit[] = [];
    const unsure: PendingCommit[] = [];
    for (let index = 0; index < batch.length; index += 1) {
      const commit = batch[index] as PendingCommit;
      const fault = faultAt(reply, index);
      if (fault === undefined) this.settle(commit, { kind: 'stored', time: reply.time as StoreTime });
      else if (fault.kind === 'taken') taken.push(commit);
      else if (fault.kind === 'refused') this.refuse(commit, fault.cause);
      else {
        commit.doubt(fault.cause);
        unsure.push(commit);
      }
    }
    if (unsure.length > 0) this.resends.add(unsure);
    if (taken.length > 0) void this.judgeTaken(taken);
  }

  /** Looks who took the places. Where a majority holds nobody there yet, only sending again can tell. */
  private async judgeTaken(taken: readonly PendingCommit[]): Promise<void> {
    const undecided: PendingCommit[] = [];
    // As long as one of their callers waits: each is answered at its own deadline, whatever the look does.
    const deadline = Math.max(...taken.map((commit) => commit.deadline));
    try {
      const places = taken.map(({ document }) => document);
      const { holders, time } = await this.parts.holdersOf(places, deadline);
      for (const [index, commit] of taken.entries()) {
        const by = holders[index];
        if (by) this.settle(commit, { kind: 'taken', by, time, resent: commit.unsure });
        else undecided.push(commit);
      }
    } catch (error) {
      for (const commit of taken) commit.doubt(error);
      undecided.push(...taken);
    }
    if (undecided.length > 0) this.resends.add(undecided);
  }

  private settle(commit: PendingCommit, outcome: SendOutcome): void {
    if (!commit.answered) commit.settle(outcome);
    this.forget(commit);
    if (outcome.kind === 'taken') this.leave(commit, { by: outcome.by, time: outcome.time });
    else this.leave(commit, { by: commit.document, time: outcome.time, end: lastVersion(commit.document) });
  }

  private refuse(commit: PendingCommit, cause: unknown): void {
    if (!commit.answered) commit.fail(refusalOf(commit.stream, cause));
    this.forget(commit);
    this.leave(commit);
  }

  /** Ends the wait of those whose time is over. What is on its way stays there, so that no other of its stream overtakes it. */
  private endWaits(): void {
    if (this.queue.openCount === 0) return;
    const now = this.parts.environment.now();
    for (const commit of this.queue.unanswered()) {
      if (commit.deadline > now) continue;
      commit.giveUp();
      this.forget(commit);
    }
  }

  private forget(commit: PendingCommit): void {
    this.queue.forget(commit);
    if (this.queue.openCount === 0) this.drained?.();
  }

  /**
   * A commit is not on its way any more: the next one of its stream may leave. Those that want a place of which a majority
   * already knows who holds it are told so at once, else a hot stream would ask once for each loser.
   */
  private leave(commit: PendingCommit, holder?: Holder): void {
    const { stream } = commit;
    for (let next = this.queue.advance(stream); next; next = this.queue.advance(stream)) {
      if (next.answered) continue;
      if (holder && holder.by._id.v === next.document._id.v) {
        next.settle({ kind: 'taken', resent: false, ...holder });
        this.forget(next);
        continue;
      }
      this.queue.makeReady(next);
      this.pumpSoon();
      return;
    }
  }
}
