import type { Position, StoreTime } from '@nestfold/core';
import type { Delivery } from '../following/delivery.js';

/** Where a batch may end: after so many of its deliveries the follower stands there. */
export interface Cut {
  readonly count: number;
  readonly position: Position;
  readonly floor: StoreTime | undefined;
}

/** Where a batch may end, in order. */
export interface Cuts {
  readonly last: Cut | undefined;
  all(): readonly Cut[];
}

/** These, and no others. */
export function fixedCuts(cuts: readonly Cut[]): Cuts {
  return { last: cuts.at(-1), all: () => cuts };
}

/** The cuts of a batch in the making: the ends of the stretches that it took, and between them what its deliveries say, which is looked at when one is asked for. */
export class GrowingCuts implements Cuts {
  private readonly ends: Cut[] = [];

  constructor(
    /** Grows meanwhile. */
    private readonly deliveries: readonly Delivery[],
    /** What was the floor before. */
    private readonly floor: StoreTime | undefined,
  ) {}

  /** A stretch is at its end, with all that was delivered so far. */
  end(position: Position, floor: StoreTime | undefined): void {
    this.ends.push({ count: this.deliveries.length, position, floor });
  }

  get last(): Cut | undefined {
    const end = this.ends.at(-1);
    for (let count = this.deliveries.length; count > (end?.count ?? 0); count -= 1) {
      const position = placeBehind(this.deliveries[count - 1]!);
      if (position !== undefined) return { count, position, floor: this.floorAtEnd };
    }
    return end;
  }

  all(): readonly Cut[] {
    const cuts: Cut[] = [];
    let { floor } = this;
    let next = 0;
    for (let count = 0; count <= this.deliveries.length; count += 1) {
      const position = count > 0 ? placeBehind(this.deliveries[count - 1]!) : undefined;
      if (position !== undefined) cuts.push({ count, position, floor });
      for (; this.ends[next]?.count === count; next += 1) {
        cuts.push(this.ends[next]!);
        ({ floor } = this.ends[next]!);
      }
    }
    return cuts;
  }

  private get floorAtEnd(): StoreTime | undefined {
    const end = this.ends.at(-1);
    return end === undefined ? this.floor : end.floor;
  }
}

function placeBehind({ after, ifNeeded }: Delivery): Position | undefined {
  return after ?? ifNeeded;
}
