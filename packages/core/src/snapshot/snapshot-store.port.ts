import type { StreamName } from '../stream/stream-name.js';

/** The state of an aggregate at a version; disposable, since the events tell it again. */
export interface Snapshot {
  readonly stream: StreamName;
  /** The version that the state stands for: the end of a commit. */
  readonly version: number;
  /** The revision of the state's class: another one's snapshots are not read. */
  readonly revision: number;
  /** Plain data. */
  readonly state: object;
  /** The ids of the last commits up to that version, newest last: a repetition looks for itself among them. */
  readonly recentCommits: readonly string[];
}

/** Keeps the latest snapshot of each stream and revision. Losing one costs time only; an older one never replaces a newer. */
export interface SnapshotStore {
  find(stream: StreamName, revision: number): Promise<Snapshot | undefined>;
  save(snapshot: Snapshot): Promise<void>;
  remove(stream: StreamName): Promise<void>;
}
