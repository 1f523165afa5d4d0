import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreConnection } from '@nestfold/core';
import { clock } from '../support/clock.js';
import { touchOrder } from './order-trail.js';

/** How much is appended, and where. */
export interface TrailLoadOptions {
  /** How many streams it goes to, all alike. */
  readonly orders: number;
  /** Commits that are asked for in a second; what a store is late with is asked for as soon as a writer is free. */
  readonly perSecond: number;
  /** Appends that are on their way at the same time, at most. Each waits for the disk: a few come to some hundred a second, many share a wait. */
  readonly writers: number;
}

/** A load of appends, on and off as often as one likes, and what became of all of them. */
export class TrailLoad {
  commits = 0;
  events = 0;
  failed = 0;
  /** Milliseconds of the longest append. */
  longest = 0;
  private onMs = 0;

  constructor(
    private readonly store: StoreConnection,
    private readonly options: TrailLoadOptions,
  ) {}

  /** Events that were stored in a second, over all the time that it was on. */
  get perSecond(): number {
    return (this.events * 1_000) / this.onMs;
  }

  /** Is on until `work` has ended, well or not, and every append has been answered. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const begun = clock();
    let isOn = true;
    const writing = Promise.all(
      Array.from({ length: this.options.writers }, (_, writer) => this.write(writer, begun, () => isOn)),
    );
    try {
      return await work();
    } finally {
      isOn = false;
      await writing;
      this.onMs += clock() - begun;
    }
  }

  private async write(first: number, begun: number, isOn: () => boolean): Promise<void> {
    const { orders, perSecond, writers } = this.options;
    for (let turn = first; ; turn += writers) {
      await sleep(Math.max(0, begun + (turn * 1_000) / perSecond - clock()));
      if (!isOn()) return;
      const asked = clock();
      try {
        const events = await touchOrder(this.store, orders);
        this.events += events;
        this.commits += 1;
      } catch {
        this.failed += 1;
      }
      this.longest = Math.max(this.longest, clock() - asked);
    }
  }
}
