import { streamName } from '@nestfold/core';
import {
  HistoryRecorder,
  type AppendRecord,
  type ExpectedLength,
  type History,
  type PendingAppend,
  type ReadRecord,
} from '@nestfold/testing';
import { clock } from '../support/clock.js';
import { refsOf, type Addition, type WorkerReport } from './worker-protocol.js';

type Note = Extract<
  WorkerReport,
  { kind: 'asked' | 'acknowledged' | 'refused' | 'read' | 'logged' | 'measured' | 'wrong' }
>;
type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Which additions were asked for, and what came of each, as their askers saw it: a history that can be judged. */
export class Ledger implements History {
  readonly asked = new Map<string, Addition>();
  /** Acknowledged ones with the version that was answered. */
  readonly acknowledged = new Map<string, number>();
  readonly refusals: { ref: string; code: string; message: string; retry: string }[] = [];
  /** Answers that contradict an earlier one to the same ref. */
  readonly contradictions: string[] = [];
  readonly reads: ReadRecord[] = [];
  /** How often each warning was logged. */
  readonly warnings = new Map<string, number>();
  /** How many acknowledgements said that an earlier attempt had done it. */
  repeated = 0;
  /** When each event was acknowledged, in that order. */
  readonly acknowledgedAt: number[] = [];
  rssMb = 0;
  /** Answers of read models that no reader may get. */
  readonly wrong: string[] = [];
  private readonly records = new Map<string, Writable<AppendRecord>>();
  private readonly counts = new Map<string, number>();
  /** Appends without a key. */
  private readonly bare = new HistoryRecorder(clock);

  /** How many events are acknowledged. */
  get events(): number {
    return this.acknowledgedAt.length;
  }

  /** How many events are acknowledged of streams whose names begin so. */
  countOf(prefix: string): number {
    let sum = 0;
    for (const [stream, events] of this.counts) if (stream.startsWith(prefix)) sum += events;
    return sum;
  }

  get appends(): AppendRecord[] {
    return [...this.records.values(), ...this.bare.appends];
  }

  note(report: Note): void {
    if (report.kind === 'asked') this.ask(report);
    else if (report.kind === 'acknowledged') this.acknowledge(report);
    else if (report.kind === 'refused') this.refuse(report);
    else if (report.kind === 'read') {
      const { tallyId, length, from, to } = report;
      const stream = streamName('tally', tallyId);
      this.reads.push({ stream, status: 'ok', length, invoked: from, completed: to });
    } else if (report.kind === 'measured') this.rssMb = Math.max(this.rssMb, report.rssMb);
    else if (report.kind === 'wrong') this.wrong.push(report.message);
    else this.warnings.set(report.message, (this.warnings.get(report.message) ?? 0) + 1);
  }

  /** Notes an append without a key that is asked for now, and what becomes of it. */
  append(stream: string, expected: ExpectedLength, refs: readonly string[]): PendingAppend {
    const pending = this.bare.append(stream, expected, refs);
    return {
      ok: (version) => {
        this.count(stream, refs.length, clock());
        pending.ok(version);
      },
      fail: (conflict) => pending.fail(conflict),
    };
  }

  /** Asked for, but without an answer: they may have taken effect or not. */
  get open(): Addition[] {
    return [...this.asked.values()].filter(({ ref }) => !this.acknowledged.has(ref));
  }

  private count(stream: string, events: number, at: number): void {
    this.counts.set(stream, (this.counts.get(stream) ?? 0) + events);
    for (let event = 0; event < events; event += 1) this.acknowledgedAt.push(at);
  }

  private ask({ kind: _kind, at = clock(), ...addition }: Extract<Note, { kind: 'asked' }>): void {
    const { ref, tallyId } = addition;
    this.asked.set(ref, addition);
    // Asked again under its key, it is still the same append, and may have been done since it was first asked.
    if (this.records.has(ref)) return;
    const stream = streamName('tally', tallyId);
    this.records.set(ref, { stream, events: refsOf(addition), expected: 'any', status: 'info', invoked: at });
  }

  private acknowledge({ ref, version, repeated, at = clock() }: Extract<Note, { kind: 'acknowledged' }>): void {
    const before = this.acknowledged.get(ref);
    if (before !== undefined && before !== version)
      this.contradictions.push(`${ref} was at version ${before}, then at ${version}`);
    this.acknowledged.set(ref, version);
    if (repeated) this.repeated += 1;
    const record = this.records.get(ref);
    if (record === undefined || record.status === 'ok') return;
    this.count(record.stream, record.events.length, at);
    Object.assign(record, { status: 'ok', version, completed: at });
  }

  private refuse({ kind: _kind, at = clock(), ...refusal }: Extract<Note, { kind: 'refused' }>): void {
    this.refusals.push(refusal);
    // What may be asked again may have taken effect; what is refused for good has not.
    const record = this.records.get(refusal.ref);
    if (record?.status === 'info' && refusal.retry === 'never')
      Object.assign(record, { status: 'fail', completed: at });
  }
}
