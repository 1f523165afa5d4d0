import type { Ctor, Data } from '../data/type.js';
import { appendOwnMetadata, ownMetadata } from '../metadata/own-metadata.js';

const KEY = 'nestfold:upcasters';

/** One step of a chain: data of schema version `from` becomes data of version `to`. */
export interface UpcasterLink {
  readonly from: number;
  readonly to: number;
  readonly up: (old: object) => object;
  readonly down?: (current: object) => object;
}

/** A chain of steps that has come to shape `S`; it counts once `current()` has been called. */
export interface UpcasterChain<E, S> {
  /**
   * Adds the step to `version`. `up` is pure and may change the object that it is given; what it throws becomes
   * `InvalidEvent`. `down` is kept for tools that write an older shape; reading never uses it.
   */
  to<N>(version: number, up: (old: S) => N, down?: (current: N) => S): UpcasterChain<E, N>;
  /** Ends the chain; compiles only where it ends in today's shape. */
  current(this: UpcasterChain<E, Data<E>>): void;
}

class Chain<E extends object, S> implements UpcasterChain<E, S> {
  constructor(
    private readonly event: Ctor<E>,
    private readonly reached: number,
    private readonly links: readonly UpcasterLink[],
  ) {}

  to<N>(version: number, up: (old: S) => N, down?: (current: N) => S): UpcasterChain<E, N> {
    const link = { from: this.reached, to: version, up, ...(down && { down }) } as unknown as UpcasterLink;
    return new Chain<E, N>(this.event, version, [...this.links, link]);
  }

  current(): void {
    for (const link of this.links) appendOwnMetadata(this.event, KEY, link);
  }
}

/**
 * Says how stored data of older schema versions becomes today's, when it is read; stored events are never rewritten.
 * Every older version needs a step; `EventTypes.of` reports those that are missing.
 *
 * @example `upcasts(OrderPlaced).from<OrderPlacedV1>(1).to(2, (old) => ({ ...old, currency: 'EUR' })).current()`
 * @publicApi
 */
export function upcasts<E extends object>(event: Ctor<E>): { from<S>(version: number): UpcasterChain<E, S> } {
  return { from: (version) => new Chain(event, version, []) };
}

/** The steps that were declared for an event class. */
export function upcasterLinksOf(event: Ctor<object>): readonly UpcasterLink[] {
  return ownMetadata<readonly UpcasterLink[]>(event, KEY) ?? [];
}
