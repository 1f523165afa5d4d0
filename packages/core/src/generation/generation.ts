/** What a generation is doing: `building` until it was live once; `failed` when an event stopped it; `cancelled` and `retired` end it. */
export type GenerationState = 'building' | 'live' | 'retired' | 'cancelled' | 'failed';

/** Why a projection stopped, for an operator. */
export interface GenerationFailure {
  readonly code: string;
  readonly message: string;
  /** `<stream>:<version>` of the event that was being applied, when one was. */
  readonly event?: string;
  readonly at: Date;
}

/** How a generation's first fill goes. */
export interface GenerationProgress {
  readonly processed: number;
  readonly total: number;
  /** Events a second. */
  readonly rate: number;
}

/** One build of a projection version's read models. Numbers are never used again. */
export interface Generation {
  /** `<projection>.<version>.<number>`: also the id of the rebuild that made it. */
  readonly id: string;
  readonly projection: string;
  readonly version: number;
  readonly number: number;
  readonly state: GenerationState;
  /** The stored collection of each read model, by the model's name. */
  readonly collections: Readonly<Record<string, string>>;
  readonly partitions: number;
  readonly epoch: string;
  readonly progress: GenerationProgress;
  readonly failure?: GenerationFailure;
  readonly cancelRequested?: boolean;
  /** Who asked for it: an actor's id, or `start` for a first build. */
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly endedAt?: Date;
}

/** Which generations of a projection version matter. A process reads and swaps only its own version's entry. */
export interface RegistryEntry {
  readonly projection: string;
  readonly version: number;
  readonly live?: number;
  readonly building?: number;
  readonly previous?: number;
  readonly swappedAt?: Date;
  readonly swappedBy?: string;
}

/** What the swap's transaction moves and what it insists on. */
export interface Swap {
  readonly generation: Generation;
  readonly by: string;
  /** The checkpoints that must still bear these tokens: those of the live and of the new partitions. */
  readonly held: readonly { readonly key: string; readonly token: number }[];
}
