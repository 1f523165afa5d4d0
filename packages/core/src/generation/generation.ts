import type { Position } from '../checkpoint/checkpoint.js';
import type { StoreTime } from '../feed/store-time.js';
import type { StreamName } from '../stream/stream-name.js';
import type { StreamRebuild } from './stream-rebuild.js';

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

/** A range of streams that a load reads at one go: names from `from` on and before `to`; missing ends are open. */
export interface LoadRange {
  readonly from?: StreamName;
  readonly to?: StreamName;
  /** Commits taken so far. */
  readonly processed: number;
  /** Whether all of it is applied. */
  readonly done: boolean;
}

/**
 * How a generation is filled stream by stream: all commits older than `horizon` that were visible at `began`. Fixed when the load begins, so that
 * one that is resumed reads what it would have read.
 */
export interface LoadPlan {
  readonly began: StoreTime;
  readonly horizon: StoreTime;
  readonly ranges: readonly LoadRange[];
  /** Whether all ranges are applied and the indexes stand: from now on partitions follow the store from `horizon`. */
  readonly done: boolean;
}

/** How a generation's first fill goes. */
export interface GenerationProgress {
  readonly processed: number;
  readonly total: number;
  /** Events a second. */
  readonly rate: number;
}

/** How far one partition, or one range of a load, has contributed. */
export interface ProgressPart {
  readonly processed: number;
  /** Events a second. */
  readonly rate: number;
}

/** A swap that is under way: each partition of the generation that is to become live reads on to `target` and saves that place. */
export interface PendingSwap {
  readonly id: string;
  readonly target: Position;
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
  /** Fixed when it begins, as is `slicing`. */
  readonly partitions: number;
  /** Present where each document is fed by one stream; missing where one ordered reader feeds all. */
  readonly slicing?: 'stream';
  readonly epoch: string;
  /** The sum of its parts, until it is built. */
  readonly progress: GenerationProgress;
  readonly parts?: Readonly<Record<string, ProgressPart>>;
  readonly swap?: PendingSwap;
  /** Of one whose documents are loaded stream by stream. */
  readonly load?: LoadPlan;
  readonly failure?: GenerationFailure;
  readonly cancelRequested?: boolean;
  /** A build that an operator holds back: nothing of it moves until it is resumed. */
  readonly paused?: boolean;
  /** Events a second that a build may apply at most, all processes together; missing where only the store limits it. */
  readonly throttle?: number;
  /** The rebuilds of single streams that wait or ended lately, at most one a stream. */
  readonly streamRebuilds?: readonly StreamRebuild[];
  /** Who asked for it: an actor's id, or `start` for a first build. */
  readonly startedBy: string;
  readonly startedAt: Date;
  /** When it became live for the first time: the end of its build. */
  readonly builtAt?: Date;
  /** When it was cancelled or retired. */
  readonly endedAt?: Date;
}

/** One build of a projection's code. */
export interface ProjectionVersion {
  readonly projection: string;
  readonly version: number;
}

/** Who stopped the feeding of a projection, and since when. */
export interface ProjectionPause {
  readonly by: string;
  readonly at: Date;
}

/** Which generations of a projection version matter. A process reads and swaps only its own version's entry. */
export interface RegistryEntry extends ProjectionVersion {
  readonly live?: number;
  readonly building?: number;
  readonly previous?: number;
  readonly swappedAt?: Date;
  readonly swappedBy?: string;
  /** When a process that uses this version last said so, by the store's clock, and for how many milliseconds that holds: unnamed for longer, it is dropped. */
  readonly namedAt?: Date;
  readonly keepMs?: number;
  /** Nobody named it in time: what it stored is being taken away. A build that begins now ends that, and takes nothing over. */
  readonly dropping?: true;
  /** While it is there nothing of this version is fed. */
  readonly paused?: ProjectionPause;
}

/** A checkpoint, and the lease's token that it must still bear. */
export interface HeldToken {
  readonly key: string;
  readonly token: number;
}

/** What the swap's transaction moves and what it insists on. */
export interface Swap {
  readonly generation: Generation;
  readonly by: string;
  /** The checkpoints that must still bear these tokens: those of the live partitions. */
  readonly held: readonly HeldToken[];
  /** The checkpoints that must stand at a place or behind it: those of the new partitions. */
  readonly reached?: { readonly keys: readonly string[]; readonly target: Position };
  /** What the build came to, stored in the same step: whoever sees the new generation live sees all of it. Only of a first swap. */
  readonly progress?: GenerationProgress;
}
