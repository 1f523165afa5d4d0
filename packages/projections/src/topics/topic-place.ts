import type { Commit, RelayedCommit, StoreTime, TopicPosition } from '@nestfold/core';
import type { Delivery } from '../following/delivery.js';
import { later } from '../following/store-clock.js';

/** Where a follower of a topic's partition stands: as it is kept while it reads. */
export class TopicPlace {
  private constructor(
    private readonly partition: number,
    readonly next: number,
    readonly token: number,
    readonly epoch: string | undefined,
    private readonly clock: StoreTime | undefined,
    private readonly time: StoreTime | undefined,
  ) {}

  /** A stored one; missing: the beginning. */
  static of(partition: number, position: TopicPosition | undefined): TopicPlace {
    const { next, token = 0, epoch, clock, time } = position ?? {};
    return new TopicPlace(partition, next?.[partition] ?? 0, token, epoch, clock, time);
  }

  /** With nothing more than that the messages before `next` were read. */
  passedTo(next: number): TopicPlace {
    return new TopicPlace(this.partition, next, this.token, this.epoch, this.clock, this.time);
  }

  /** Behind a commit, which one object tells: this is done for each of them. */
  behind({ commit, relay }: RelayedCommit, next: number): TopicPlace {
    const clock = later(relay.time, later(this.clock, commit.time));
    const time = relay.time === undefined ? this.time : later(this.time, relay.time);
    return new TopicPlace(this.partition, next, relay.token, relay.epoch, clock, time);
  }

  /** As it is stored. */
  toPosition(): TopicPosition {
    const { partition, next, token, epoch, clock, time } = this;
    return {
      phase: 'topic',
      next: { [partition]: next },
      token,
      ...(epoch !== undefined && { epoch }),
      ...(clock !== undefined && { clock }),
      ...(time !== undefined && { time }),
    };
  }
}

/** A commit of a topic, and the place behind it: put into words when it is asked for, which of most it never is. */
export class TopicDelivery implements Delivery {
  constructor(
    readonly commit: Commit,
    private readonly place: TopicPlace,
  ) {}

  get after(): TopicPosition {
    return this.place.toPosition();
  }
}
