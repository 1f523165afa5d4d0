import type { Ctor, Type } from '@nestfold/core';
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

/** What a projection declares of itself. */
export interface ProjectionOptions<M extends readonly Ctor<object>[]> {
  /** A whole number from 1. It rises when the methods change: the new version builds read models of its own beside the old ones. */
  readonly version: number;
  /** The classes of the documents that this projection, and no other, writes. */
  readonly readModels: M;
  /** `'single'`, the default and the only one yet: one ordered reader, so that events of different streams keep their order. */
  readonly slicing?: 'single';
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
