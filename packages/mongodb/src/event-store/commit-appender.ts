import {
  AppendContention,
  StreamConflict,
  type CommitReceipt,
  type Environment,
  type ExpectedVersion,
  type StreamName,
  type StreamTurns,
} from '@nestfold/core';
import type { CommitReader } from './commit-reader.js';
import { freshReceipt, isSameCommit, storedReceipt } from './commit-receipt.js';
import type { GroupCommit } from './group-commit.js';
import type { KeyedLookup } from './keyed-lookup.js';
import type { SendOutcome } from './pending-commit.js';
import { placed, type PreparedCommit } from './prepared-commit.js';

/** What an appender works with. */
export interface AppenderParts {
  readonly environment: Environment;
  readonly reader: Pick<CommitReader, 'endOf' | 'since'>;
  readonly group: Pick<GroupCommit, 'send'>;
  readonly lookup: Pick<KeyedLookup, 'find'>;
  readonly turns: StreamTurns;
}

/** An append whose commit is ready to be sent. */
export interface AppendOrder {
  readonly id: string;
  readonly commit: PreparedCommit;
  readonly expected: ExpectedVersion;
  readonly deadline: number;
}

/** After so many lost races an append waits a little before the next one. */
const PATIENT_RACES = 3;
/** So many commits are looked through at once for who took a place. */
const FEW = 100;

/** Brings a commit into its stream, by the rule of its expected version. */
export class CommitAppender {
  constructor(private readonly parts: AppenderParts) {}

  append(order: AppendOrder): Promise<CommitReceipt> {
    const { expected, commit } = order;
    if (expected === 'noStream') return this.appendAs(order, commit);
    if (typeof expected !== 'string' && expected.kind === 'loaded') return this.appendBehind(order, expected.version);
    const { _id } = order.commit.document;
    return this.parts.turns.run(_id.s, order.deadline, (known) => this.appendAtEnd(order, known));
  }

  /** Behind a version from a load. In what was loaded only a keyed commit can be. */
  private async appendBehind(order: AppendOrder, version: number): Promise<CommitReceipt> {
    const repeated = version > 0 && order.commit.document.keyed ? await this.repetition(order) : undefined;
    if (repeated) return repeated;
    const commit = placed(order.commit, version + 1);
    const outcome = await this.parts.group.send(commit, order.deadline);
    return this.receiptOf(order, commit, outcome) ?? this.overtaken(order, outcome, version);
  }

  /** One look at what is new: a repetition that was not there before stands behind what was loaded. */
  private async overtaken(order: AppendOrder, outcome: SendOutcome, version: number): Promise<CommitReceipt> {
    const { document } = order.commit;
    const stream = document._id.s;
    const { stubs, time } = await this.parts.reader.since(stream, version, order.deadline, FEW);
    const own = stubs.find((stub) => isSameCommit(stub, document));
    if (own) return storedReceipt(own, document, time, true);
    const last = stubs.at(-1);
    if (last === undefined || stubs.length === FEW) return this.conflict(order, outcome);
    throw new StreamConflict(stream, order.expected, last._id.v + last.n - 1);
  }

  /** At exactly this place, of which the key alone is the judge. */
  private async appendAs(order: AppendOrder, commit: PreparedCommit): Promise<CommitReceipt> {
    const outcome = await this.parts.group.send(commit, order.deadline);
    return this.receiptOf(order, commit, outcome) ?? this.conflict(order, outcome);
  }

  /**
   * Behind the end of the stream, wherever that is. From the first look on, what is new is searched for the commit itself;
   * what is older, only for a keyed one, and only after that look: in the other order a twin could slip in between.
   */
  private async appendAtEnd(
    order: AppendOrder,
    known: number | undefined,
  ): Promise<{ result: CommitReceipt; known?: number }> {
    const { reader, group, environment } = this.parts;
    const stream = order.commit.document._id.s;
    const stated = typeof order.expected === 'string' ? undefined : order.expected.version;
    // What a predecessor knew cannot prove that a stated version is wrong.
    const trusted = known !== undefined && (stated === undefined || stated === known);
    let end = trusted ? known : (await reader.endOf(stream, order.deadline)).version;
    const repeated = await this.repetition(order);
    if (repeated) return { result: repeated };
    for (let race = 1; ; race += 1) {
      if ((stated !== undefined && stated !== end) || (order.expected === 'streamExists' && end === 0)) {
        throw new StreamConflict(stream, order.expected, end);
      }
      const commit = placed(order.commit, end + 1);
      const outcome = await group.send(commit, order.deadline);
      const receipt = this.receiptOf(order, commit, outcome);
      if (receipt) return { result: receipt, known: receipt.version };
      const { stubs, time } = await reader.since(stream, end, order.deadline);
      const own = stubs.find((stub) => isSameCommit(stub, commit.document));
      if (own) return { result: storedReceipt(own, commit.document, time, true) };
      const last = stubs.at(-1);
      if (last) end = last._id.v + last.n - 1;
      if (environment.now() >= order.deadline) throw new AppendContention(stream);
      if (race > PATIENT_RACES) await environment.sleep(environment.random() * Math.min(5 * race, 100));
    }
  }

  /** The receipt, where the commit is stored; `undefined` where another one holds its place. */
  private receiptOf(
    { id }: AppendOrder,
    { document }: PreparedCommit,
    outcome: SendOutcome,
  ): CommitReceipt | undefined {
    if (outcome.kind === 'stored') return freshReceipt({ document, id, time: outcome.time });
    // Stored by this very call, where an earlier sending of it may have been: then it is no repetition.
    if (isSameCommit(outcome.by, document)) return storedReceipt(outcome.by, document, outcome.time, !outcome.resent);
    return undefined;
  }

  private async conflict(order: AppendOrder, outcome: SendOutcome): Promise<CommitReceipt> {
    const repeated = await this.repetition(order);
    if (repeated) return repeated;
    const stream: StreamName = order.commit.document._id.s;
    const end = outcome.kind === 'taken' ? outcome.end : undefined;
    const actual = end ?? (await this.parts.reader.endOf(stream, order.deadline)).version;
    throw new StreamConflict(stream, order.expected, actual);
  }

  private async repetition({ commit: { document }, deadline }: AppendOrder): Promise<CommitReceipt | undefined> {
    if (document.keyed !== true) return undefined;
    const found = await this.parts.lookup.find(document._id.s, document.c, deadline);
    return found && storedReceipt(found.stub, document, found.time, true);
  }
}
