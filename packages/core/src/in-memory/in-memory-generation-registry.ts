import { NotFound, RebuildRunning } from '../error/read-side.errors.js';
import type {
  Generation,
  GenerationFailure,
  GenerationProgress,
  RegistryEntry,
  Swap,
} from '../generation/generation.js';
import type { GenerationRegistry, NewGeneration } from '../generation/generation-registry.port.js';
import type { InMemoryDatabase } from './in-memory-database.js';

/** Which generations are live, being built and former, in memory. Each step is one turn of the event loop, so it is atomic. */
export class InMemoryGenerationRegistry implements GenerationRegistry {
  constructor(private readonly database: InMemoryDatabase) {}

  async entry(projection: string, version: number): Promise<RegistryEntry | undefined> {
    return structuredClone(this.database.registry.get(entryKey(projection, version)));
  }

  async entries(): Promise<readonly RegistryEntry[]> {
    return structuredClone([...this.database.registry.values()]);
  }

  async generation(id: string): Promise<Generation | undefined> {
    return structuredClone(this.database.generations.get(id));
  }

  async generations(projection: string, version: number): Promise<readonly Generation[]> {
    return structuredClone(this.of(projection, version));
  }

  async begin({ projection, version, readModels, partitions, epoch, startedBy }: NewGeneration): Promise<Generation> {
    const entry = this.database.registry.get(entryKey(projection, version)) ?? { projection, version };
    if (entry.building !== undefined) throw new RebuildRunning(idOf(projection, version, entry.building));
    const number = Math.max(0, ...this.of(projection, version).map((generation) => generation.number)) + 1;
    const generation: Generation = {
      id: idOf(projection, version, number),
      projection,
      version,
      number,
      state: 'building',
      collections: Object.fromEntries(readModels.map((name) => [name, `${projection}.${version}.${number}.${name}`])),
      partitions,
      epoch,
      progress: { processed: 0, total: 0, rate: 0 },
      startedBy,
      startedAt: new Date(this.database.now()),
    };
    this.put(generation);
    this.putEntry({ ...entry, building: number });
    return structuredClone(generation);
  }

  async report(id: string, progress: GenerationProgress): Promise<void> {
    this.change(id, { progress: { ...progress } });
  }

  async fail(id: string, failure: GenerationFailure): Promise<void> {
    if (isOver(this.existing(id))) return;
    this.change(id, { state: 'failed', failure: structuredClone(failure) });
  }

  async retry(id: string): Promise<void> {
    const { failure: _failure, ...generation } = this.existing(id);
    if (generation.state !== 'failed') return;
    const state = this.entryOf(generation).building === generation.number ? 'building' : 'live';
    this.put({ ...generation, state });
  }

  async requestCancel(id: string): Promise<boolean> {
    const generation = this.existing(id);
    if (this.entryOf(generation).building !== generation.number) return false;
    this.change(id, { cancelRequested: true });
    return true;
  }

  async cancel(id: string): Promise<void> {
    const generation = this.existing(id);
    const { building, ...entry } = this.entryOf(generation);
    if (building !== generation.number) return;
    this.change(id, { state: 'cancelled', endedAt: new Date(this.database.now()) });
    this.putEntry(entry);
  }

  async swap({ generation: { id }, by, held }: Swap): Promise<boolean> {
    const generation = this.existing(id);
    if (isOver(generation) || generation.cancelRequested === true) return false;
    if (held.some(({ key, token }) => this.database.checkpoints.get(key)?.token !== token)) return false;
    const { building, live, previous, ...entry } = this.entryOf(generation);
    const former = live === generation.number ? previous : live;
    const { failure: _failure, ...healthy } = generation;
    this.put({ ...healthy, state: 'live' });
    this.putEntry({
      ...entry,
      live: generation.number,
      ...(building !== undefined && building !== generation.number && { building }),
      ...(former !== undefined && { previous: former }),
      swappedAt: new Date(this.database.now()),
      swappedBy: by,
    });
    return true;
  }

  async retire(id: string): Promise<void> {
    const generation = this.existing(id);
    if (isOver(generation)) return;
    const { previous, ...entry } = this.entryOf(generation);
    this.change(id, { state: 'retired', endedAt: new Date(this.database.now()) });
    if (previous === generation.number) this.putEntry(entry);
  }

  onChange(listener: () => void): () => void {
    return this.database.registryChanged.on(listener);
  }

  private of(projection: string, version: number): Generation[] {
    return [...this.database.generations.values()].filter(
      (one) => one.projection === projection && one.version === version,
    );
  }

  private existing(id: string): Generation {
    const generation = this.database.generations.get(id);
    if (!generation) throw new NotFound('generation', id);
    return generation;
  }

  private entryOf({ projection, version }: Generation): RegistryEntry {
    return this.database.registry.get(entryKey(projection, version)) ?? { projection, version };
  }

  private change(id: string, changes: Partial<Generation>): void {
    this.put({ ...this.existing(id), ...changes });
  }

  private put(generation: Generation): void {
    this.database.generations.set(generation.id, generation);
    this.database.registryChanged.raise();
  }

  private putEntry(entry: RegistryEntry): void {
    this.database.registry.set(entryKey(entry.projection, entry.version), entry);
    this.database.registryChanged.raise();
  }
}

const isOver = ({ state }: Generation): boolean => state === 'cancelled' || state === 'retired';
const entryKey = (projection: string, version: number): string => `${projection}.${version}`;
const idOf = (projection: string, version: number, number: number): string => `${projection}.${version}.${number}`;
