import { plainCopy } from '../event/plain-data.js';
import type { Snapshot, SnapshotStore } from '../snapshot/snapshot-store.port.js';
import type { StreamName } from '../stream/stream-name.js';
import type { InMemoryDatabase } from './in-memory-database.js';

/** Snapshots in memory. */
export class InMemorySnapshotStore implements SnapshotStore {
  constructor(private readonly database: InMemoryDatabase) {}

  async find(stream: StreamName, revision: number): Promise<Snapshot | undefined> {
    const found = this.database.snapshots.get(keyOf(stream, revision));
    return found && plainCopy(found);
  }

  async save(snapshot: Snapshot): Promise<void> {
    const key = keyOf(snapshot.stream, snapshot.revision);
    const existing = this.database.snapshots.get(key);
    if (existing && existing.version >= snapshot.version) return;
    this.database.snapshots.set(key, plainCopy(snapshot));
  }

  async remove(stream: StreamName): Promise<void> {
    for (const [key, snapshot] of this.database.snapshots)
      if (snapshot.stream === stream) this.database.snapshots.delete(key);
  }
}

const keyOf = (stream: StreamName, revision: number): string => `${revision} ${stream}`;
