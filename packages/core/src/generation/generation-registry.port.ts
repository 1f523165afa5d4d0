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
} from './generation.js';
import type { StreamRebuild, StreamRebuildEnd, StreamRebuildRequest } from './stream-rebuild.js';

/** What a new generation needs to know. */
export interface NewGeneration {
  readonly projection: string;
  readonly version: number;
  /** The names of the read models; the registry derives their collections. */
  readonly readModels: readonly string[];
  readonly partitions: number;
  readonly slicing?: 'stream';
  /** Events a second, at most. */
  readonly throttle?: number;
  readonly epoch: string;
  readonly startedBy: string;
}

/**
 * The map from a projection version to its live generation. An implementer owes: every change is one atomic, durable
 * step; of two that begin a generation of one version at once, one wins and the other gets `RebuildRunning`.
 */
export interface GenerationRegistry {
  entry(projection: string, version: number): Promise<RegistryEntry | undefined>;
  entries(): Promise<readonly RegistryEntry[]>;
  generation(id: string): Promise<Generation | undefined>;
  generations(projection: string, version: number): Promise<readonly Generation[]>;
  /**
   * Makes the next generation as the one being built, and names its version. Throws `RebuildRunning` while there is one. Of a version that is being
   * dropped nothing is taken over, and numbers are not used again.
   */
  begin(generation: NewGeneration): Promise<Generation>;
  /** Says how far one part (a partition's number; default `'0'`) is. The sums are the generation's progress; of one that is built only the rate changes. */
  report(id: string, progress: GenerationProgress, part?: string): Promise<void>;
  /**
   * Says why a generation stopped. It keeps its place: a failed build is still the one being built, until it is cancelled. Answers false, and
   * changes nothing, when the held token is lost (somebody else feeds the generation by now) or the generation has ended.
   */
  fail(id: string, failure: GenerationFailure, held: HeldToken): Promise<boolean>;
  /** Stores how a generation is to be loaded, unless that is stored already, or it is not `building`. Answers the generation as it is then. */
  planLoad(id: string, plan: LoadPlan): Promise<Generation>;
  /** Notes how far a range of the load is. `done` is for good, and `processed` never falls. */
  reportLoad(id: string, range: number, state: Pick<LoadRange, 'processed' | 'done'>): Promise<void>;
  /** Ends the load. Answers false, and changes nothing, while a range is not done, and when the generation is not `building`. */
  endLoad(id: string): Promise<boolean>;
  /** Clears a failure, so that the generation's runners try again. */
  retry(id: string): Promise<void>;
  /** Asks for the end of a build; its runner carries it out. Answers false when it is not being built any more. */
  requestCancel(id: string): Promise<boolean>;
  /**
   * Ends a build that is not to become live; a generation that is no build any more stays as it is. With `again` the same is begun in its place, in the same
   * step, so that a rebuild somebody asked for is not lost between the two; unless its end was asked for.
   */
  cancel(id: string, options?: { readonly again?: boolean }): Promise<void>;
  /** Tells the partitions of a generation how far to read for a swap; the latest request counts. Nothing happens to one that has ended. */
  requestSwap(id: string, swap: PendingSwap): Promise<void>;
  /** Takes a request back, unless another one has replaced it. */
  dropSwap(id: string, swap: string): Promise<void>;
  /**
   * Moves the pointer in one step; the former live one becomes the previous, and a request for the swap ends. Answers false when a held token is lost,
   * a checkpoint has not reached its place, or the generation was retired or its cancel asked for.
   */
  swap(swap: Swap): Promise<boolean>;
  /**
   * Marks a former generation as no longer fed; its collections may be dropped afterwards. One that is live or being built stays as it is, unless its
   * version is being dropped.
   */
  retire(id: string): Promise<void>;
  /** Knows nothing more of a generation that was cancelled or retired; its number stays used. Any other stays as it is. */
  forget(id: string): Promise<void>;
  /** Holds a build back, or lets it go on. Answers false when it is not being built any more. */
  pauseBuild(id: string, paused: boolean): Promise<boolean>;
  /** Says how many events a second a build may apply; `undefined`: as many as it can. Answers false when it is not being built any more. */
  throttleBuild(id: string, eventsPerSecond: number | undefined): Promise<boolean>;
  /**
   * Notes that what a stream feeds in a generation is to be made anew; answers the request as it is stored, or the one of the same stream that waits already.
   * Answers `undefined`, and changes nothing, where the generation is not `live` or as many wait as may (`STREAM_REBUILDS`).
   */
  requestStreamRebuild(id: string, request: StreamRebuildRequest): Promise<StreamRebuild | undefined>;
  /** Notes how such a request ended, if it still waits. */
  endStreamRebuild(id: string, request: string, end: StreamRebuildEnd): Promise<void>;
  /**
   * Says that versions are in use, and stay so for `keepMs` even if nobody says it again. Stored only where it was said longer than a third of that ago, or
   * for a shorter time: so it may be called with each heartbeat. A version that is not there, or is being dropped, stays as it is.
   */
  name(versions: readonly ProjectionVersion[], keepMs: number): Promise<void>;
  /**
   * Begins to drop all versions that nobody named in time, by the store's clock; `keepMs` counts for those of which nobody said for how long. One step for each version, so
   * that one that is named at the same moment is either kept or not named any more. Answers all that are being dropped, also those found before.
   */
  expire(keepMs: number): Promise<readonly RegistryEntry[]>;
  /** Forgets a version that is being dropped; its numbers stay used. Answers false, and changes nothing, when it is not being dropped (any more). */
  endDrop(version: ProjectionVersion): Promise<boolean>;
  /** Stops the feeding of all versions of a projection that there are; who paused it first counts. Answers whether there was one. */
  pause(projection: string, by: string): Promise<boolean>;
  /** Lets them go on. Answers whether there was one. */
  resume(projection: string): Promise<boolean>;
  /** Calls `listener` soon after any entry may have changed, also by another process; answers how to stop. */
  onChange(listener: () => void): () => void;
}
