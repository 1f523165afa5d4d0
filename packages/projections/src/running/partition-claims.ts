import { sliceOf, type Generation } from '@nestfold/core';
import { Backoff } from './backoff.js';
import type { EngineContext } from './engine-context.js';
import { partitionKey } from './keys.js';
import type { PartitionEnd } from './partition-runner.js';

/** What a process is to do about the partitions of a generation, and for how long that is all. */
export interface Claim {
  readonly take: readonly number[];
  readonly giveBack: readonly number[];
  /** Those that wait for a newer build than this one. */
  readonly waiting: readonly number[];
  /** Those that other processes feed, for longer than one would hold them that only fails at them. */
  readonly elsewhere: readonly number[];
  readonly restMs: number;
}

/** How often a process looks that has less than its share: another one may be giving back right now, and what it gives back stands still meanwhile. */
export const SHORT_MS = 10;
/** So long it hurries; then whoever should give back has other troubles. */
const HURRY_MS = 5_000;
/** A partition that was taken in need is kept for so many heartbeats: by then those who died count no more. */
const KEPT_BEATS = 4;

/**
 * Decides which partitions this process feeds: its fair share among the processes that compiled the version. What is above it is given back; what an
 * owner left to expire, or nobody takes though it is free, is taken above it.
 */
export class PartitionClaims {
  private readonly freeSince = new Map<number, number>();
  private readonly taken = new Map<number, { readonly until: number; readonly times: number }>();
  private readonly backoffs = new Map<number, Backoff>();
  private readonly resting = new Set<number>();
  /** The leases of others, and since when they have been seen. */
  private readonly others = new Map<number, { readonly token: number; readonly since: number }>();
  /** What each partition was last seen to need: whoever takes it ends that, but not that others lack it. */
  private readonly needs = new Map<number, string>();
  private shortSince: number | undefined;

  constructor(
    private readonly context: EngineContext,
    private readonly generation: Generation,
    private readonly owner: string,
    private readonly knows: readonly string[],
  ) {}

  keyOf(partition: number): string {
    return partitionKey(this.generation, partition);
  }

  /** Looks at who lives and who holds what. */
  async look(own: readonly number[]): Promise<Claim> {
    const { environment, nodes, settings } = this.context;
    const { projection, version, partitions } = this.generation;
    const share = await nodes.shareOf(projection, version, partitions);
    // What it gives back is free only from then on.
    for (const partition of own) this.freeSince.delete(partition);
    const now = environment.now();
    const needed = await this.neededHere(own);
    const spare = own.filter((one) => (this.taken.get(one)?.until ?? 0) <= now && !needed.has(one));
    const giveBack = spare.slice(spare.length - Math.max(0, Math.min(spare.length, own.length - share)));
    if (own.length === partitions)
      return { take: [], giveBack, waiting: [], elsewhere: [], restMs: settings.leasePollMs };
    const { expired, free, waiting, elsewhere } = await this.survey(own, now);
    const orphans = free.filter((one) => now - (this.freeSince.get(one) ?? now) >= 2 * settings.leasePollMs);
    // What waits for a newer build is nobody's share here: of the others this process has its whole one.
    const missing = Math.max(0, share - own.length);
    const due = [...expired, ...free].slice(0, missing);
    const needy = [...expired, ...orphans].filter((one) => !due.includes(one));
    for (const partition of needy) this.keep(partition, now);
    return {
      take: [...due, ...needy],
      giveBack,
      waiting,
      elsewhere,
      restMs: this.restFor(missing > due.length + waiting.length, now),
    };
  }

  /** Whether, and for how long, a partition is left alone after it ended as it did; calls `over` when that time has passed. */
  noteEnd(partition: number, end: PartitionEnd, signal: AbortSignal, over: () => void): void {
    const pause = this.pauseAfter(partition, end);
    if (pause === undefined) return;
    this.resting.add(partition);
    void pause.pause(signal).then(() => {
      this.resting.delete(partition);
      over();
    });
  }

  /** Those that no other process could feed on: given back, they would only come again. */
  private async neededHere(own: readonly number[]): Promise<ReadonlySet<number>> {
    const { projection, version } = this.generation;
    const needed = new Set<number>();
    for (const partition of own) {
      const needs = this.needs.get(partition);
      if (needs === undefined) continue;
      if (await this.context.nodes.othersKnow(projection, version, needs)) this.needs.delete(partition);
      else needed.add(partition);
    }
    return needed;
  }

  private pauseAfter(partition: number, end: PartitionEnd): Backoff | undefined {
    const { environment, settings } = this.context;
    if (end.kind === 'newer-build') return new Backoff(environment, settings.heartbeatMs, settings.heartbeatMs);
    if (end.kind !== 'interrupted') return undefined;
    const backoff = this.backoffs.get(partition) ?? new Backoff(environment, settings.backoffMs, settings.backoffMaxMs);
    if (end.moved) backoff.reset();
    this.backoffs.set(partition, backoff);
    return backoff;
  }

  private async survey(
    own: readonly number[],
    now: number,
  ): Promise<{
    readonly expired: readonly number[];
    readonly free: readonly number[];
    readonly waiting: readonly number[];
    readonly elsewhere: readonly number[];
  }> {
    const { partitions } = this.generation;
    // Each process begins elsewhere, so that several that look at once do not all want the same.
    const first = sliceOf(`${this.owner}-`) % partitions;
    const others = Array.from({ length: partitions }, (_, index) => (first + index) % partitions).filter(
      (partition) => !own.includes(partition),
    );
    const found = await this.context.connection.leases.findAll(others.map((partition) => this.keyOf(partition)));
    const leases = new Map(found.map((lease) => [lease.key, lease]));
    const [expired, free, waiting, elsewhere]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (const partition of others) {
      const lease = leases.get(this.keyOf(partition));
      if (lease?.needs !== undefined) this.needs.set(partition, lease.needs);
      if (lease?.needs !== undefined && !this.knows.includes(lease.needs)) waiting.push(partition);
      else if (lease !== undefined && lease.owner !== this.owner && !lease.isExpired) {
        if (this.isKept(partition, lease.token, now)) elsewhere.push(partition);
      } else if (this.resting.has(partition)) continue;
      else if (lease?.isExpired === true && lease.owner !== this.owner) expired.push(partition);
      else free.push(partition);
      if (lease !== undefined) this.freeSince.delete(partition);
      else if (!this.freeSince.has(partition)) this.freeSince.set(partition, now);
    }
    return { expired, free, waiting, elsewhere };
  }

  /** Of two that fail in turn each would else seem well as often as the other one tries. */
  private isKept(partition: number, token: number, now: number): boolean {
    const { attempts, backoffMs, backoffMaxMs } = this.context.settings;
    const seen = this.others.get(partition);
    if (seen?.token === token) return now - seen.since >= Math.min(backoffMaxMs, backoffMs * 2 ** attempts);
    this.others.set(partition, { token, since: now });
    return false;
  }

  /** The next time longer: nobody may be there who could take it. */
  private keep(partition: number, now: number): void {
    const times = (this.taken.get(partition)?.times ?? 0) + 1;
    const forMs = this.context.settings.heartbeatMs * KEPT_BEATS * 2 ** Math.min(times - 1, 10);
    this.taken.set(partition, { until: now + forMs, times });
  }

  private restFor(isShort: boolean, now: number): number {
    const { leasePollMs } = this.context.settings;
    if (!isShort) this.shortSince = undefined;
    else this.shortSince ??= now;
    if (this.shortSince === undefined) return leasePollMs;
    return Math.min(leasePollMs, now - this.shortSince < HURRY_MS ? SHORT_MS : leasePollMs / 4);
  }
}
