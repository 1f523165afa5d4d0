import type { Ctor, TopicSource, Type } from '@nestfold/core';
import { metadataOf, writeMetadata } from './class-metadata.js';
import type { Write } from './write.js';

const KEY = 'nestfold:projection';

/** The methods of `I` whose writes belong to none of the read models `D`. */
type ForeignWrites<I, D> = {
  // `any`: parameters are contravariant, so no other list matches every method.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [K in keyof I]: I[K] extends (...args: any[]) => infer R ? ([WrittenBy<R>] extends [D] ? never : K) : never;
}[keyof I];
type WrittenBy<R> = R extends readonly (infer W)[] ? DocumentOf<W> : DocumentOf<R>;
/** Member by member: of a union as a whole, the inference would take what all have in common. */
type DocumentOf<W> = W extends Write<infer X> ? X : never;

/** Whether a projection's events are applied in one order, or only those of each stream. */
export type Slicing = 'single' | 'stream';

/** How a batch of events is written. */
export type Mode = 'transactional' | 'plain';

/** What to do with an event that cannot be applied: hold back its stream, or everything. */
export type OnPoison = 'park' | 'halt';

/** What a projection declares of itself. */
export interface ProjectionOptions<M extends readonly Ctor<object>[]> {
  /** A whole number from 1. It rises when the methods change: the new version builds read models of its own beside the old ones. */
  readonly version: number;
  /**
   * Older versions whose documents this build's readers understand, such as `[2]`: while its own version is still being built they read the live documents
   * of the newest of these that has any, and the process is ready at once. Those are kept, and as fresh as processes of that version keep them.
   * Missing: readers get `ReadModelNotReady`, and the process is not ready, until its own version is live.
   */
  readonly reads?: readonly number[];
  /** The classes of the documents that this projection, and no other, writes. */
  readonly readModels: M;
  /**
   * `'single'`, the default: one ordered reader, so that events of different streams keep their order. `'stream'`: each document is fed by one
   * stream only, so streams are applied in parallel, by several partitions and processes. The engine checks that (`FedByAnotherStream`), and refuses
   * `with` and `patchWhere`, which look at documents of other streams.
   */
  readonly slicing?: Slicing;
  /**
   * `import.meta.url` of the file that exports the class, so that worker threads can load it: documents of `slicing: 'stream'` are then built by several
   * of them at once. The file and what it imports run once a thread, so it should do nothing but declare. Missing: a build stays on the main thread.
   */
  readonly module?: string;
  /**
   * `'transactional'`, the default: a batch and the place that it led to are written in one transaction, so each event takes effect exactly once,
   * whatever crashes or wakes up late.
   *
   * `'plain'`: documents first, each by itself, the place after them. For what may be written again: caches, search indexes. Then
   * `insert` takes the place of whatever is there, `patch` sets fields of a document that is there, `remove` takes it away; any other write, and
   * `with`, is refused by name. Promised: after a crash the events behind the saved place are applied again, in order, and the documents come to
   * what they would have been; until then readers may see a part of a batch, and a document as it was some events earlier. Not promised: that a
   * process which was paused for longer than its lease does not overwrite newer data with one batch when it wakes up; what that touched is right
   * again with the document's next event, or a rebuild. Goes with `slicing: 'single'` only.
   */
  readonly mode?: Mode;
  /**
   * What becomes of an event that cannot be applied. `'park'`, the default: its stream is held back behind it, as a dead letter; all others go on.
   * `'halt'`: the projection stops there, for those who need order across streams. Both in live work and in a rebuild.
   */
  readonly onPoison?: OnPoison;
  /**
   * A topic to read instead of the store's own feed, such as `kafka('order')`. With slicing 'single' it must have one partition; mode 'plain' reads the
   * store only. Going over to another source is a new version.
   */
  readonly source?: TopicSource;
}

/** What `@Projection` says of a class. */
export interface ProjectionMetadata {
  readonly name: string;
  readonly options: ProjectionOptions<readonly Ctor<object>[]>;
}

/**
 * Makes a class a projection: pure methods (`@On`) that turn events into writes of read models. The class has no
 * constructor parameters, since nothing is injected. The name is stored: it outlives the class's own.
 *
 * @example `@Projection('order-view', { version: 3, readModels: [OrderView, CustomerCard] }) class OrderViewProjection { … }`
 * @publicApi
 */
export function Projection<const M extends readonly Ctor<object>[]>(
  name: string,
  options: ProjectionOptions<M>,
): <C extends new () => object>(
  target: [ForeignWrites<InstanceType<C>, InstanceType<M[number]>>] extends [never]
    ? C
    : `method '${ForeignWrites<InstanceType<C>, InstanceType<M[number]>> & string}' writes another read model`,
) => void {
  return (target) => {
    // The conditional type is a class whenever it compiles.
    writeMetadata(target as unknown as Type<object>, KEY, { name, options } satisfies ProjectionMetadata);
  };
}

/** What `@Projection` wrote on a class; `undefined` for any other class. */
export function projectionMetadataOf(target: Ctor<object>): ProjectionMetadata | undefined {
  return metadataOf<ProjectionMetadata>(target, KEY);
}
