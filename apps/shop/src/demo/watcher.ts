import { performance } from 'node:perf_hooks';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import type { ShopClient } from './shop-client.js';
import type { Order } from './wire.js';

/** Looks a second that a reader must get through, for the demo to have shown what it says. */
export const WANTED_RATE = 50;
// Faster than that: timers are late by a millisecond or two.
const EVERY_MS = 15;
// On a busy machine looks are left out rather than piled up: they would measure their own queue.
const OPEN_LOOKS = 25;

/**
 * Looks at orders on a schedule of more than 50 looks a second, without waiting for the answers to earlier looks (but 25 at most), and notes
 * every answer that a reader should never see: none, an error, an older version than seen before, another content of a version seen before.
 */
export class Watcher {
  readonly faults: string[] = [];
  looks = 0;
  /** Looks left out, since 25 were not answered yet. */
  leftOut = 0;
  private readonly started = performance.now();
  private ended: number | undefined;
  private readonly seen = new Map<string, Order>();
  private readonly open = new Set<Promise<void>>();
  private readonly stopped = new AbortController();
  private readonly loop: Promise<void>;

  constructor(
    private readonly client: ShopClient,
    private readonly ids: readonly string[],
  ) {
    this.loop = this.watch();
  }

  /** Ends once the last look is answered. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.loop;
    this.ended ??= performance.now();
    await Promise.all(this.open);
  }

  /** Looks a second, until now or until it was stopped. */
  get rate(): number {
    return (this.looks * 1_000) / Math.max(1, (this.ended ?? performance.now()) - this.started);
  }

  private async watch(): Promise<void> {
    for (let look = 0; !this.stopped.signal.aborted; look += 1) {
      const id = this.ids[look % this.ids.length];
      if (this.open.size >= OPEN_LOOKS) this.leftOut += 1;
      else if (id !== undefined) this.begin(id);
      // Kept to the schedule: a look that began late does not delay the next.
      const next = this.started + (look + 1) * EVERY_MS;
      const wait = Math.max(0, next - performance.now());
      await pause(wait, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
  }

  private begin(id: string): void {
    const look: Promise<void> = this.look(id, this.seen.get(id)).finally(() => this.open.delete(look));
    this.open.add(look);
  }

  /** `before` is what had been seen when the look began: looks overtake each other. */
  private async look(id: string, before: Order | undefined): Promise<void> {
    this.looks += 1;
    const answer = await this.client.get<Order>(`/orders/${id}`).catch((error: unknown) => String(error));
    if (typeof answer === 'string') return this.fault(`order ${id} was not answered: ${answer}`);
    const { status, body: order } = answer;
    if (status !== 200) return this.fault(`order ${id} was answered with ${status}`);
    if (before !== undefined && order.version < before.version) {
      return this.fault(`order ${id} went back from version ${before.version} to ${order.version}`);
    }
    const known = this.seen.get(id);
    if (known?.version === order.version && !isDeepStrictEqual(known, order)) {
      return this.fault(`order ${id} showed two contents of version ${order.version}`);
    }
    if (known === undefined || known.version < order.version) this.seen.set(id, order);
  }

  private fault(what: string): void {
    this.faults.push(what);
  }
}
