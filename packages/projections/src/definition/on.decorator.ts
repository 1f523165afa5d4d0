import { ConfigurationError, type Ctor, type EventContext } from '@nestfold/core';
import { metadataOf, writeMetadata } from './class-metadata.js';
import type { Write } from './write.js';

const KEY = 'nestfold:on';

// `any`: a write of any read model; `Projection` checks that it is one of the projection's own.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type WriteResult = Write<any> | readonly Write<any>[] | undefined;
type Prefetch<E> = Record<string, readonly [Ctor<object>, (event: E) => string]>;

/** The documents that a method asked for, by the names that it gave them. */
export type Prefetched<R> = {
  readonly [K in keyof R]: R[K] extends readonly [Ctor<infer D>, unknown] ? D | undefined : never;
};

/** What `@On` says of a method. */
export interface Subscription {
  readonly method: string;
  readonly events: readonly Ctor<object>[];
  readonly prefetch: Readonly<Record<string, readonly [Ctor<object>, (event: object) => string]>>;
}

/** The two forms of `@On`: a forgotten return, an asynchronous method and a wrong parameter are refused by the compiler. */
export interface OnDecorator {
  <const T extends readonly [Ctor<object>, ...Ctor<object>[]]>(
    ...events: T
  ): <M extends (event: InstanceType<T[number]>, context: EventContext) => WriteResult>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ) => void;
  /** `with`: documents of the same projection that the method needs, read by the runtime in one go for a whole batch. */
  <E extends object, const R extends Prefetch<NoInfer<E>>>(
    event: Ctor<E>,
    options: { readonly with: R },
  ): <M extends (event: E, context: EventContext & Prefetched<R>) => WriteResult>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ) => void;
}

/**
 * Subscribes a projection's method to one or more events. The method is pure and synchronous and returns what is to be
 * written: one write, several, or `undefined`. It may be called more than once for an event; it takes no time but the event's.
 * Several methods may subscribe to one event: they are called in the order in which they are declared.
 *
 * @example `@On(OrderShipped) shipped(e: OrderShipped) { return view.patch(e.orderId, { status: 'shipped' }); }`
 * @publicApi
 */
export const On: OnDecorator = (...args: readonly unknown[]) => {
  const last = args.at(-1);
  const prefetch = typeof last === 'object' && last !== null ? (last as { with: Subscription['prefetch'] }).with : {};
  const events = args.filter((arg): arg is Ctor<object> => typeof arg === 'function');
  return (target: object, key: string | symbol): void => {
    const projection = target.constructor as Ctor<object>;
    if (typeof key !== 'string')
      throw new ConfigurationError(`A method with @On in ${projection.name} is named by a symbol: give it a name.`);
    writeMetadata(projection, KEY, [
      ...subscriptionsOf(projection),
      { method: key, events, prefetch } satisfies Subscription,
    ]);
  };
};

/** The methods of a projection's class that subscribe, in the order of their declaration. */
export function subscriptionsOf(projection: Ctor<object>): readonly Subscription[] {
  return metadataOf<readonly Subscription[]>(projection, KEY) ?? [];
}
