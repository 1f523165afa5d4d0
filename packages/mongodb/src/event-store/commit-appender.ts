import {
  AppendContention,
  CommandKeyReused,
  CommitTooLarge,
  InvalidEvent,
  lastVersionOf,
  StreamConflict,
  type Commit,
  type CommitReceipt,
  type Environment,
  type ExpectedVersion,
  type StoreTime,
} from '@nestfold/core';
import { BSON } from 'mongodb';
import { storeTimeOf } from '../connection/bson-mapping.js';
import { commitDocument, type CommitDocument, type CommitSource } from './commit-document.js';
import type { CommitReader } from './commit-reader.js';
import type { CommitSender } from './commit-sender.js';

const MAX_COMMIT_BYTES = 8 * 1024 * 1024;

/** Brings one commit into its stream, by the rule of its expected version. */
export class CommitAppender {
  constructor(
    private readonly environment: Environment,
    private readonly reader: CommitReader,
    private readonly sender: CommitSender,
  ) {}

  async append(source: CommitSource, expected: ExpectedVersion, deadline: number): Promise<CommitReceipt> {
    if (expected === 'any' || expected === 'streamExists') return this.appendAtHead(source, expected, deadline);
    if (expected === 'noStream') return this.appendAt(source, 0, expected, deadline);
    // A fresh id cannot be in what was loaded; a caller's key can, wherever the stream has got to since.
    const repeated = source.keyed && expected.version > 0 ? await this.repetition(source) : undefined;
    if (repeated) return repeated;
    if (expected.kind === 'stated') {
      // The key alone sees neither a gap nor the middle of a commit.
      const head = await this.reader.head(source.stream);
      if (head?.id === source.id) return this.receiptOf(source, head, true);
      const actual = head ? lastVersionOf(head) : 0;
      if (actual !== expected.version) return this.conflict(source, expected, actual);
    }
    return this.appendAt(source, expected.version, expected, deadline);
  }

  /** Behind exactly this version, or a conflict. */
  private async appendAt(source: CommitSource, version: number, expected: ExpectedVersion, deadline: number): Promise<CommitReceipt> {
    const outcome = await this.insert(source, version + 1, deadline);
    if ('receipt' in outcome) return outcome.receipt;
    const head = await this.reader.head(source.stream);
    return this.conflict(source, expected, head ? lastVersionOf(head) : 0);
  }

  /** Behind whatever is the head, again and again while others are faster. */
  private async appendAtHead(source: CommitSource, expected: 'any' | 'streamExists', deadline: number): Promise<CommitReceipt> {
    const repeated = source.keyed ? await this.repetition(source) : undefined;
    if (repeated) return repeated;
    let looked: number | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const head = await this.reader.head(source.stream);
      const version = head ? lastVersionOf(head) : 0;
      if (looked !== undefined) {
        const own = await this.ownCommitSince(source, looked);
        if (own) return this.receiptOf(source, own, true);
      }
      looked = version;
      if (version === 0 && expected === 'streamExists') return this.conflict(source, expected, 0);
      const outcome = await this.insert(source, version + 1, deadline);
      if ('receipt' in outcome) return outcome.receipt;
      if (this.environment.now() >= deadline) throw new AppendContention(source.stream);
      if (attempt > 1) await this.environment.sleep(this.environment.random() * Math.min(5 * attempt, 100));
    }
  }

  private async insert(source: CommitSource, version: number, deadline: number): Promise<{ receipt: CommitReceipt } | { taken: true }> {
    const document = commitDocument(source, version);
    const bytes = measured(document);
    for (;;) {
      const outcome = await this.sender.send(document, bytes, deadline);
      if (outcome.kind === 'stored') return { receipt: freshReceipt(source, version, storeTimeOf(outcome.time)) };
      const there = await this.reader.at(source.stream, version);
      if (there?.commit.id === source.id) return { receipt: await this.receiptOf(source, there.commit, !outcome.resent, there.time) };
      if (there) return { taken: true };
      // The place is taken, but a majority does not know by whom yet: it may be rolled back. Only sending again can tell.
      if (this.environment.now() >= deadline) throw new AppendContention(source.stream);
    }
  }

  private async conflict(source: CommitSource, expected: ExpectedVersion, actual: number): Promise<CommitReceipt> {
    const repeated = source.keyed ? await this.repetition(source) : undefined;
    if (repeated) return repeated;
    throw new StreamConflict(source.stream, expected, actual);
  }

  private async repetition(source: CommitSource): Promise<CommitReceipt | undefined> {
    const stored = await this.reader.findKeyed(source.stream, source.id);
    return stored && this.receiptOf(source, stored, true);
  }

  private async ownCommitSince({ stream, id }: CommitSource, version: number): Promise<Commit | undefined> {
    const { commits } = await this.reader.read(stream, { fromVersion: version + 1 });
    return commits.find((commit) => commit.id === id);
  }

  /** From what is stored, not from what was sent. Throws `CommandKeyReused` when another body stands behind the id. */
  private async receiptOf({ bodyHash }: CommitSource, stored: Commit, repeated: boolean, time?: StoreTime): Promise<CommitReceipt> {
    if (stored.bodyHash !== bodyHash) throw new CommandKeyReused(stored.stream);
    const { stream, firstVersion, id: commitId } = stored;
    return { stream, firstVersion, version: lastVersionOf(stored), commitId, time: time ?? (await this.reader.now()), repeated };
  }
}

function freshReceipt({ stream, id: commitId, events }: CommitSource, firstVersion: number, time: StoreTime): CommitReceipt {
  return { stream, firstVersion, version: firstVersion + events.length - 1, commitId, time, repeated: false };
}

/** Measured alone and before it queues, so that it can make no other append fail. */
function measured(document: CommitDocument): number {
  const bytes = sizeOf(document);
  if (bytes > MAX_COMMIT_BYTES) throw new CommitTooLarge(document._id.s, bytes, MAX_COMMIT_BYTES);
  return bytes;
}

function sizeOf(document: CommitDocument): number {
  try {
    return BSON.calculateObjectSize(document, { ignoreUndefined: true });
  } catch (error) {
    throw new InvalidEvent(`A commit for '${document._id.s}' cannot be stored: ${String(error)}`, {}, { cause: error });
  }
}
