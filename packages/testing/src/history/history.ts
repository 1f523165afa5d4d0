/** What a client knows of an append or a read that it asked for. */
export type OperationStatus =
  /** Acknowledged. */
  | 'ok'
  /** Certainly without effect: a conflict, a refusal. */
  | 'fail'
  /** Nobody knows: a timeout, a lost connection, no answer yet. Never to be counted as a failure. */
  | 'info';

/** Which version a writer believed its stream to have; `any` for no belief. */
export type ExpectedLength = number | 'exists' | 'any';

/** One append as its client saw it. Repetitions of the same append, under the same id, are one record. */
export interface AppendRecord {
  readonly stream: string;
  /** The ids that the client gave to the events, in order; unique in the history. */
  readonly events: readonly string[];
  readonly expected: ExpectedLength;
  readonly status: OperationStatus;
  /** Why it failed, where that is to be judged: a conflict says that the stream was not at `expected`. */
  readonly conflict?: boolean;
  /** The version of the last event, as acknowledged. */
  readonly version?: number;
  readonly invoked: number;
  /** Missing while there is no answer. */
  readonly completed?: number;
}

/** One read of a stream from its beginning, as its client saw it. */
export interface ReadRecord {
  readonly stream: string;
  readonly status: OperationStatus;
  /** How many events the answer had. */
  readonly length: number;
  /** Their ids; left out, only the length is judged. */
  readonly events?: readonly string[];
  readonly invoked: number;
  readonly completed?: number;
}

/**
 * What clients did. Times are any numbers that rise: of one process a counter is exact, of several processes their clocks must agree
 * better than an operation takes.
 */
export interface History {
  readonly appends: readonly AppendRecord[];
  readonly reads: readonly ReadRecord[];
}

/** An event in the final log of a stream. */
export interface FinalEvent {
  readonly version: number;
  readonly id: string;
}

/** The streams as they stand in the end, each in the order in which it is stored. */
export type FinalLog = ReadonlyMap<string, readonly FinalEvent[]>;

/** Which rule is broken: 1–7 of a stream, G1–G8 of the whole. */
export type Rule =
  | 'versions-dense'
  | 'ids-unique'
  | 'append-recorded'
  | 'ok-present'
  | 'fail-absent'
  | 'info-whole'
  | 'read-prefix'
  | 'real-time'
  | 'conflict-unjustified'
  | 'read-model-equals-fold'
  | 'applied-once'
  | 'checkpoint-monotone'
  | 'fenced-writes-nothing'
  | 'lag-zero'
  | 'reads-monotone'
  | 'wait-tells-truth'
  | 'generations'
  | 'own-version'
  | 'version-kept'
  | 'parked-with-cause'
  | 'delivered'
  | 'settled'
  | 'unhandled';

/** A promise that was broken. */
export interface Violation {
  readonly rule: Rule;
  /** The stream, document or key that it is about. */
  readonly subject: string;
  /** What was found, in one line. */
  readonly message: string;
}
