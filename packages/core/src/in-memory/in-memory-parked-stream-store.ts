import { lastVersionOf, type Commit } from '../event/event.js';
import type { ParkedRequest, ParkedStream } from '../parking/parked-stream.js';
import type {
  ParkedChanges,
  ParkedQuery,
  ParkedStreamStore,
  ParkedSummary,
} from '../parking/parked-stream-store.port.js';
import { decodeCommits } from './commit-copy.js';
import type { InMemoryDatabase } from './in-memory-database.js';

/** Parked streams in memory. */
export class InMemoryParkedStreamStore implements ParkedStreamStore {
  constructor(private readonly database: InMemoryDatabase) {}

  async find(consumer: string): Promise<readonly ParkedStream[]> {
    return this.where((one) => one.consumer === consumer);
  }

  async requested(key: string): Promise<readonly ParkedStream[]> {
    return this.where((one) => one.key === key && one.request !== undefined).sort(
      (one, other) => one.request!.at.getTime() - other.request!.at.getTime(),
    );
  }

  async get(id: string): Promise<ParkedStream | undefined> {
    return structuredClone(this.database.parked.get(id));
  }

  async among(ids: readonly string[]): Promise<readonly ParkedStream[]> {
    return this.where((one) => ids.includes(one.id));
  }

  async list({ consumers, limit, after }: ParkedQuery): Promise<readonly ParkedStream[]> {
    return this.where((one) => consumers.includes(one.consumer) && (after === undefined || one.id > after))
      .sort((one, other) => (one.id < other.id ? -1 : 1))
      .slice(0, limit);
  }

  async summary(consumer: string, since?: Date): Promise<ParkedSummary> {
    const times = [...this.database.parked.values()]
      .filter((one) => one.consumer === consumer && (since === undefined || one.at >= since))
      .map(({ at }) => at.getTime());
    return { parked: times.length, ...(times.length > 0 && { oldest: new Date(Math.min(...times)) }) };
  }

  async request(id: string, request: ParkedRequest): Promise<ParkedStream | undefined> {
    const parked = this.database.parked.get(id);
    if (parked === undefined) return undefined;
    const requested = { ...parked, request: structuredClone(request) };
    this.database.parked.set(id, requested);
    return structuredClone(requested);
  }

  async kept(id: string, after: number, limit: number): Promise<readonly Commit[]> {
    const held = this.database.heldCommits.get(id) ?? [];
    return decodeCommits(
      held
        .map(({ commit }) => commit)
        .filter((commit) => lastVersionOf(commit) > after)
        .slice(0, limit),
      undefined,
    );
  }

  private where(wanted: (one: ParkedStream) => boolean): ParkedStream[] {
    return structuredClone([...this.database.parked.values()].filter(wanted));
  }
}

/** Does what a batch says of parked streams. */
export function changeParked(
  { parked, heldCommits }: InMemoryDatabase,
  { park = [], seen = [], keep = [], unpark = [] }: ParkedChanges,
): void {
  for (const { answered, ...one } of structuredClone(park)) {
    const request = parked.get(one.id)?.request;
    const isOpen = request !== undefined && request.id !== answered;
    parked.set(one.id, { ...one, ...(isOpen && { request }) });
  }
  for (const { id, seen: version } of seen) {
    const one = parked.get(id);
    if (one !== undefined) parked.set(id, { ...one, seen: Math.max(one.seen, version) });
  }
  for (const held of keep) {
    const kept = heldCommits.get(held.id) ?? [];
    if (kept.every(({ commit }) => commit.firstVersion !== held.commit.firstVersion)) kept.push(held);
    heldCommits.set(
      held.id,
      kept.sort((one, other) => one.commit.firstVersion - other.commit.firstVersion),
    );
  }
  for (const id of unpark) {
    parked.delete(id);
    heldCommits.delete(id);
  }
}
