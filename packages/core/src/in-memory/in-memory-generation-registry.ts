import { NotFound, RebuildRunning } from '../error/read-side.errors.js';
import type {
  Generation,
  GenerationFailure,
  GenerationProgress,
  HeldToken,
  LoadPlan,
  LoadRange,
  PendingSwap,
  ProjectionVersion,
  RegistryEntry,
  Swap,
} from '../generation/generation.js';
import type { GenerationRegistry, NewGeneration } from '../generation/generation-registry.port.js';
import { sameAgain } from '../generation/same-again.js';
import { withStreamRebuild, withStreamRebuildEnd } from '../generation/stream-rebuild.js';
import type { StreamRebuild, StreamRebuildEnd, StreamRebuildRequest } from '../generation/stream-rebuild.js';
import { hasReached } from '../checkpoint/position.js';
import { advanced, sumOf } from './build-progress.js';
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

  async begin(begun: NewGeneration): Promise<Generation> {
    const { projection, version, readModels, partitions, slicing, throttle, epoch, startedBy } = begun;
    const known = this.database.registry.get(entryKey(projection, version));
    const entry = known === undefined || known.dropping ? { projection, version } : known;
    if (entry.building !== undefined) throw new RebuildRunning(idOf(projection, version, entry.building));
    const number = this.database.nextNumber(entryKey(projection, version));
    const generation: Generation = {
      id: idOf(projection, version, number),
      projection,
      version,
      number,
      state: 'building',
      collections: Object.fromEntries(readModels.map((name) => [name, `${projection}.${version}.${number}.${name}`])),
      partitions,
      ...(slicing && { slicing }),
      ...(throttle !== undefined && { throttle }),
      epoch,
      progress: { processed: 0, total: 0, rate: 0 },
      startedBy,
      startedAt: new Date(this.database.now()),
    };
    this.put(generation);
    this.putEntry({ ...entry, building: number, namedAt: new Date(this.database.now()) });
    return structuredClone(generation);
  }

  async report(id: string, { processed, total, rate }: GenerationProgress, part = '0'): Promise<void> {
    const { builtAt, progress, parts: others } = this.existing(id);
    const parts = { ...others, [part]: { processed, rate } };
    const rates = sumOf(parts, 'rate');
    this.change(id, {
      parts,
      progress:
        builtAt === undefined
          ? { processed: sumOf(parts, 'processed'), total, rate: rates }
          : { ...progress, rate: rates },
    });
  }

  async fail(id: string, failure: GenerationFailure, held: HeldToken): Promise<boolean> {
    if (isOver(this.existing(id)) || !this.isHeld(held)) return false;
    this.change(id, { state: 'failed', failure: structuredClone(failure) });
    return true;
  }

  async planLoad(id: string, plan: LoadPlan): Promise<Generation> {
    const generation = this.existing(id);
    if (generation.load === undefined && generation.state === 'building')
      this.change(id, { load: structuredClone(plan) });
    return structuredClone(this.existing(id));
  }

  async reportLoad(id: string, range: number, state: Pick<LoadRange, 'processed' | 'done'>): Promise<void> {
    const { load } = this.existing(id);
    if (load?.ranges[range] === undefined) return;
    this.change(id, { load: { ...load, ranges: load.ranges.with(range, advanced(load.ranges[range], state)) } });
  }

  async endLoad(id: string): Promise<boolean> {
    const generation = this.existing(id);
    const { load } = generation;
    if (load === undefined || generation.state !== 'building' || load.ranges.some(({ done }) => !done)) return false;
    this.change(id, { load: { ...load, done: true } });
    return true;
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

  async cancel(id: string, { again = false }: { readonly again?: boolean } = {}): Promise<void> {
    const generation = this.existing(id);
    const { building, ...entry } = this.entryOf(generation);
    if (building !== generation.number) return;
    this.change(id, { state: 'cancelled', endedAt: new Date(this.database.now()) });
    this.putEntry(entry);
    if (again && generation.cancelRequested !== true && !entry.dropping) await this.begin(sameAgain(generation));
  }

  async requestSwap(id: string, swap: PendingSwap): Promise<void> {
    if (!isOver(this.existing(id))) this.change(id, { swap: structuredClone(swap) });
  }

  async dropSwap(id: string, swap: string): Promise<void> {
    const { swap: pending, ...generation } = this.existing(id);
    if (pending?.id === swap) this.put(generation);
  }

  async swap({ generation: { id }, by, held, reached, progress }: Swap): Promise<boolean> {
    const generation = this.existing(id);
    if (isOver(generation) || generation.cancelRequested === true || this.entryOf(generation).dropping) return false;
    if (!held.every((one) => this.isHeld(one))) return false;
    const { checkpoints } = this.database;
    if (reached?.keys.some((key) => !hasReached(checkpoints.get(key)?.position, reached.target))) return false;
    const { building, live, previous, ...entry } = this.entryOf(generation);
    const former = live === generation.number ? previous : live;
    const { failure: _failure, swap: _swap, ...healthy } = generation;
    const built = healthy.builtAt === undefined && {
      builtAt: new Date(this.database.now()),
      ...(progress && { progress }),
    };
    this.put({ ...healthy, ...built, state: 'live' });
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
    const { previous, ...entry } = this.entryOf(generation);
    // A rollback was faster: what is live again is fed on.
    const isInUse = !entry.dropping && [entry.live, entry.building].includes(generation.number);
    if (isOver(generation) || isInUse) return;
    this.change(id, { state: 'retired', endedAt: new Date(this.database.now()) });
    if (previous === generation.number) this.putEntry(entry);
  }

  async pauseBuild(id: string, paused: boolean): Promise<boolean> {
    const { paused: _paused, ...generation } = this.existing(id);
    if (!isBuild(generation)) return false;
    this.put({ ...generation, ...(paused && { paused }) });
    return true;
  }

  async throttleBuild(id: string, eventsPerSecond: number | undefined): Promise<boolean> {
    const { throttle: _throttle, ...generation } = this.existing(id);
    if (!isBuild(generation)) return false;
    this.put({ ...generation, ...(eventsPerSecond !== undefined && { throttle: eventsPerSecond }) });
    return true;
  }

  async requestStreamRebuild(id: string, request: StreamRebuildRequest): Promise<StreamRebuild | undefined> {
    const { state, streamRebuilds = [] } = this.existing(id);
    const more = state === 'live' ? withStreamRebuild(streamRebuilds, structuredClone(request)) : undefined;
    if (more !== undefined) this.change(id, { streamRebuilds: more });
    const { streamRebuilds: all = [] } = this.existing(id);
    return structuredClone(all.find((one) => one.stream === request.stream && one.state === 'requested'));
  }

  async endStreamRebuild(id: string, request: string, end: StreamRebuildEnd): Promise<void> {
    const ended = withStreamRebuildEnd(this.existing(id).streamRebuilds ?? [], request, structuredClone(end));
    if (ended !== undefined) this.change(id, { streamRebuilds: ended });
  }

  async name(versions: readonly ProjectionVersion[], keepMs: number): Promise<void> {
    const now = this.database.now();
    for (const { projection, version } of versions) {
      const entry = this.database.registry.get(entryKey(projection, version));
      if (entry === undefined || entry.dropping) continue;
      const isRecent = now - (entry.namedAt?.getTime() ?? 0) < keepMs / 3;
      if (!isRecent || (entry.keepMs ?? 0) < keepMs) this.putEntry({ ...entry, namedAt: new Date(now), keepMs });
    }
  }

  async expire(keepMs: number): Promise<readonly RegistryEntry[]> {
    const now = this.database.now();
    for (const entry of [...this.database.registry.values()]) {
      const keptUntil = (entry.namedAt?.getTime() ?? now) + (entry.keepMs ?? keepMs);
      if (!entry.dropping && keptUntil < now) this.putEntry({ ...entry, dropping: true });
    }
    return structuredClone([...this.database.registry.values()].filter(({ dropping }) => dropping));
  }

  async endDrop({ projection, version }: ProjectionVersion): Promise<boolean> {
    const key = entryKey(projection, version);
    if (!this.database.registry.get(key)?.dropping) return false;
    // The generations stay, which have ended: of them the next number is counted.
    this.database.registry.delete(key);
    this.database.registryChanged.raise();
    return true;
  }

  async pause(projection: string, by: string): Promise<boolean> {
    const entries = this.entriesOf(projection);
    const paused = { by, at: new Date(this.database.now()) };
    for (const entry of entries) if (entry.paused === undefined) this.putEntry({ ...entry, paused });
    return entries.length > 0;
  }

  async resume(projection: string): Promise<boolean> {
    const entries = this.entriesOf(projection);
    for (const { paused: _paused, ...entry } of entries) this.putEntry(entry);
    return entries.length > 0;
  }

  onChange(listener: () => void): () => void {
    return this.database.registryChanged.on(listener);
  }

  private isHeld({ key, token }: HeldToken): boolean {
    return this.database.checkpoints.get(key)?.token === token;
  }

  private entriesOf(projection: string): RegistryEntry[] {
    return [...this.database.registry.values()].filter((entry) => entry.projection === projection);
  }

  async forget(id: string): Promise<void> {
    const known = this.database.generations.get(id);
    if (known !== undefined && isOver(known)) this.database.generations.delete(id);
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

/** One that failed is still the one being built. */
const isBuild = ({ builtAt, endedAt }: Generation): boolean => builtAt === undefined && endedAt === undefined;
const isOver = ({ state }: Generation): boolean => state === 'cancelled' || state === 'retired';
const entryKey = (projection: string, version: number): string => `${projection}.${version}`;
const idOf = (projection: string, version: number, number: number): string => `${projection}.${version}.${number}`;
