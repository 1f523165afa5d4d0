import type { AppendRecord, ExpectedLength, History, ReadRecord } from './history.js';

type Ending<R> = { -readonly [K in keyof R]: R[K] };

/** An append that was asked for. Exactly one of its ends is to be called, at most once; without one its outcome stays unknown. */
export interface PendingAppend {
  /** Acknowledged: the last event has this version. */
  ok(version: number): void;
  /** Certainly without effect; `conflict` where the answer was that the stream is at another version. */
  fail(conflict?: boolean): void;
}

/** A read that was asked for; without an answer it says nothing. */
export interface PendingRead {
  ok(answer: { readonly length: number; readonly events?: readonly string[] }): void;
}

/**
 * Writes down what clients ask and what they are answered, for `judgeHistory`. The default clock counts calls, which is exact for clients of one
 * process; clients of several processes need one clock, such as `performance.timeOrigin + performance.now()`.
 */
export class HistoryRecorder implements History {
  readonly appends: AppendRecord[] = [];
  readonly reads: ReadRecord[] = [];
  private ticks = 0;

  constructor(private readonly clock: () => number = () => (this.ticks += 1)) {}

  /** To be called right before an append is sent for the first time. */
  append(stream: string, expected: ExpectedLength, events: readonly string[]): PendingAppend {
    const record: Ending<AppendRecord> = { stream, events, expected, status: 'info', invoked: this.clock() };
    this.appends.push(record);
    return {
      ok: (version) => void Object.assign(record, { status: 'ok', version, completed: this.clock() }),
      fail: (conflict = false) => void Object.assign(record, { status: 'fail', conflict, completed: this.clock() }),
    };
  }

  /** To be called right before a whole stream is read. */
  read(stream: string): PendingRead {
    const record: Ending<ReadRecord> = { stream, status: 'info', length: 0, invoked: this.clock() };
    this.reads.push(record);
    return {
      ok: ({ length, events }) =>
        void Object.assign(record, { status: 'ok', length, ...(events && { events }), completed: this.clock() }),
    };
  }
}
