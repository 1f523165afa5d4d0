import type { AggregateDefinition } from '../aggregate/aggregate-definition.js';
import type { FoldStart } from '../aggregate/rehydrate.js';
import { lastVersionOf, type Commit } from '../event/event.js';
import { asInstanceOf } from '../event/instance.js';
import { plainEventData } from '../event/plain-data.js';
import type { Logger } from '../logging/logger.port.js';
import type { Snapshot, SnapshotStore } from '../snapshot/snapshot-store.port.js';
import type { EventStore, ReadRange } from '../store/event-store.port.js';
import type { StreamName } from '../stream/stream-name.js';

/** A stream as it was loaded: all of it, or a trusted snapshot and what follows. */
export interface LoadedStream {
  readonly stream: StreamName;
  readonly snapshot?: Snapshot;
  /** Where the fold begins: a copy of the snapshot's state, taken over by one fold. */
  readonly start?: FoldStart;
  /** With a snapshot they begin with the commit that it ends at, else with the first. */
  readonly commits: readonly Commit[];
  /** The version of the last event. */
  readonly version: number;
}

/** Loads streams, over snapshots where the aggregate keeps them. */
export class StreamLoader {
  constructor(
    private readonly definition: AggregateDefinition<unknown>,
    private readonly events: EventStore,
    private readonly snapshots: SnapshotStore,
    private readonly logger: Logger,
  ) {}

  /** The stream as it is now. Throws `StoreUnavailable`. */
  async load(stream: StreamName, upTo = Number.POSITIVE_INFINITY): Promise<LoadedStream> {
    const snapshot = await this.find(stream);
    return this.loadFrom(stream, snapshot !== undefined && snapshot.version <= upTo ? snapshot : undefined, upTo);
  }

  /**
   * Loads again, from the same snapshot: what was appended since the first load, an own commit above all, is then
   * surely among the commits and not hidden by a newer snapshot. Without one, only what is new is read.
   */
  async reload(loaded: LoadedStream): Promise<LoadedStream> {
    const { stream, snapshot, commits } = loaded;
    const last = commits.at(-1);
    if (snapshot === undefined && last !== undefined) {
      const { commits: found } = await this.events.read(stream, { fromVersion: last.firstVersion });
      // After a restore from backup another commit may stand there, or none.
      if (found[0]?.id === last.id) return { stream, commits: [...commits, ...found.slice(1)], version: endOf(found) };
    }
    return this.loadFrom(stream, snapshot, Number.POSITIVE_INFINITY);
  }

  /** What had occurred up to a moment: a selection of commits, so no snapshot can stand for it. */
  async loadAsOf(stream: StreamName, at: Date, upTo = Number.POSITIVE_INFINITY): Promise<LoadedStream> {
    const { commits } = await this.events.read(stream, { until: at, ...bounded(upTo) });
    return { stream, commits, version: endOf(commits) };
  }

  private async find(stream: StreamName): Promise<Snapshot | undefined> {
    if (this.definition.snapshotEvery === undefined) return undefined;
    try {
      return await this.snapshots.find(stream, this.definition.snapshotRevision);
    } catch (error) {
      this.logger.warn('A snapshot could not be read; all events are.', { stream, error });
      return undefined;
    }
  }

  private async loadFrom(stream: StreamName, snapshot: Snapshot | undefined, upTo: number): Promise<LoadedStream> {
    const range = bounded(upTo);
    if (snapshot !== undefined) {
      const { commits } = await this.events.read(stream, { ...range, fromVersion: snapshot.version });
      const start = standsFor(snapshot, commits[0]) ? startOf(this.definition, snapshot) : undefined;
      if (start !== undefined) return { stream, snapshot, start, commits, version: endOf(commits) };
      this.logger.warn('A snapshot is damaged or stands for no commit of its stream; all events are read.', {
        stream,
        version: snapshot.version,
      });
    }
    const { commits } = await this.events.read(stream, range);
    return { stream, commits, version: endOf(commits) };
  }
}

function startOf(definition: AggregateDefinition<unknown>, { state, version }: Snapshot): FoldStart | undefined {
  try {
    return { state: asInstanceOf(definition.state, plainEventData('a snapshot', state)), version };
  } catch {
    // Damaged: were it thrown, no append would ever come to replace it.
    return undefined;
  }
}

// Both are needed: after a restore from backup, another commit may have come to stand at that version.
function standsFor(snapshot: Snapshot, commit: Commit | undefined): boolean {
  return (
    commit !== undefined && lastVersionOf(commit) === snapshot.version && commit.id === snapshot.recentCommits?.at(-1)
  );
}

function bounded(upTo: number): Pick<ReadRange, 'toVersion'> {
  return Number.isFinite(upTo) ? { toVersion: upTo } : {};
}

function endOf(commits: readonly Commit[]): number {
  const last = commits.at(-1);
  return last === undefined ? 0 : lastVersionOf(last);
}
