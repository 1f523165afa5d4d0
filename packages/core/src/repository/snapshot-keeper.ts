import type { AggregateDefinition } from '../aggregate/aggregate-definition.js';
import { plainCopy } from '../event/plain-data.js';
import type { Logger } from '../logging/logger.port.js';
import type { SnapshotStore } from '../snapshot/snapshot-store.port.js';
import type { LoadedStream } from './stream-loader.js';

/** So many commit ids stand in a snapshot. */
const RECENT_COMMITS = 20;

/** What a decision left behind, after its append. */
export interface Appended {
  readonly commitId: string;
  readonly version: number;
  readonly state: object;
}

/** Saves snapshots beside the work: nobody waits for one, and a failure costs time at the next load only. */
export class SnapshotKeeper {
  private readonly saving = new Set<Promise<void>>();

  constructor(
    private readonly definition: AggregateDefinition<unknown>,
    private readonly snapshots: SnapshotStore,
    private readonly logger: Logger,
  ) {}

  /** Saves the state if the last snapshot lies far enough behind. */
  offer(loaded: LoadedStream, { commitId, version, state }: Appended): void {
    const every = this.definition.snapshotEvery;
    if (every === undefined || version - (loaded.snapshot?.version ?? 0) < every) return;
    const { stream } = loaded;
    const recentCommits = [
      ...(loaded.snapshot?.recentCommits ?? []).slice(0, -1),
      ...loaded.commits.map(({ id }) => id),
      commitId,
    ];
    const save = async (): Promise<void> => {
      await this.snapshots.save({
        stream,
        version,
        revision: this.definition.snapshotRevision,
        // Spread: the state's own class may have methods, since it is known when the snapshot is read.
        state: plainCopy({ ...state }),
        recentCommits: recentCommits.slice(-RECENT_COMMITS),
      });
    };
    const saved = save()
      .catch((error: unknown) => this.logger.error('A snapshot could not be saved.', { stream, version, error }))
      .finally(() => this.saving.delete(saved));
    this.saving.add(saved);
  }

  /** Ends when no snapshot is being saved. */
  async idle(): Promise<void> {
    while (this.saving.size > 0) await Promise.all(this.saving);
  }
}
