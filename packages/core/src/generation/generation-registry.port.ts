import type { Generation, GenerationFailure, GenerationProgress, RegistryEntry, Swap } from './generation.js';

/** What a new generation needs to know. */
export interface NewGeneration {
  readonly projection: string;
  readonly version: number;
  /** The names of the read models; the registry derives their collections. */
  readonly readModels: readonly string[];
  readonly partitions: number;
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
  /** Makes the next generation as the one being built. Throws `RebuildRunning` while there is one. */
  begin(generation: NewGeneration): Promise<Generation>;
  report(id: string, progress: GenerationProgress): Promise<void>;
  /** Says why a generation stopped. It keeps its place: a failed build is still the one being built, until it is cancelled. */
  fail(id: string, failure: GenerationFailure): Promise<void>;
  /** Clears a failure, so that the generation's runners try again. */
  retry(id: string): Promise<void>;
  /** Asks for the end of a build; its runner carries it out. Answers false when it is not being built any more. */
  requestCancel(id: string): Promise<boolean>;
  /** Ends a build that is not to become live; a generation that is no build any more stays as it is. */
  cancel(id: string): Promise<void>;
  /** Moves the pointer in one step; the former live one becomes the previous. Answers false when a held token is lost, or the generation was retired or its cancel asked for. */
  swap(swap: Swap): Promise<boolean>;
  /** Marks a former generation as no longer fed; its collections may be dropped afterwards. */
  retire(id: string): Promise<void>;
  /** Calls `listener` soon after any entry may have changed, also by another process; answers how to stop. */
  onChange(listener: () => void): () => void;
}
