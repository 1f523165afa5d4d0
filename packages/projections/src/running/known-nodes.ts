import { sliceOf, type Environment, type NodeRecord, type NodeRegistry } from '@nestfold/core';

/** Times in milliseconds. */
export interface KnownNodesOptions {
  /** The id of this process. */
  readonly own: string;
  /** How old an answer may be. */
  readonly maxAgeMs: number;
  /** Who has been silent for so much longer than the latest counts no more. */
  readonly silentMs: number;
}

/** The processes that say they are alive: by them work is shared out. Asked for now and then only. */
export class KnownNodes {
  private known: { readonly nodes: readonly NodeRecord[]; readonly at: number } | undefined;
  private asking: Promise<readonly NodeRecord[]> | undefined;

  constructor(
    private readonly registry: NodeRegistry,
    private readonly environment: Environment,
    private readonly options: KnownNodesOptions,
  ) {}

  /** The id of this process: under it partitions are leased. */
  get own(): string {
    return this.options.own;
  }

  /** How many processes feed a version, this one included. */
  async feedersOf(projection: string, version: number): Promise<number> {
    return (await this.idsOf(projection, version)).length;
  }

  /**
   * How many of a generation's partitions this process is to feed: all that feed read models and have compiled this version share them, none more than
   * one above another. Who gets one more is chance, but the same to all: single partitions of many projections are spread, and a process that
   * comes or goes moves few.
   */
  async shareOf(projection: string, version: number, partitions: number): Promise<number> {
    const ids = await this.idsOf(projection, version);
    const rank = (id: string): number => sliceOf(`${projection}.${version}-${id}`);
    ids.sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
    const more = ids.indexOf(this.options.own) < partitions % ids.length ? 1 : 0;
    return Math.floor(partitions / ids.length) + more;
  }

  /** Whether another process that feeds a version has compiled what a lease says it needs (`type@version`). */
  async othersKnow(projection: string, version: number, needs: string): Promise<boolean> {
    const at = needs.lastIndexOf('@');
    const [type, schema] = [needs.slice(0, at), Number(needs.slice(at + 1))];
    const others = (await this.feeders(projection, version)).filter(({ id }) => id !== this.options.own);
    return others.some(({ events }) => (events[type] ?? 0) >= schema);
  }

  /** Whether another process feeds read models. */
  async hasOthers(): Promise<boolean> {
    return (await this.alive()).some((node) => node.id !== this.options.own && feeds(node));
  }

  private async idsOf(projection: string, version: number): Promise<string[]> {
    const feeding = await this.feeders(projection, version);
    return [...new Set([this.options.own, ...feeding.map(({ id }) => id)])];
  }

  private async feeders(projection: string, version: number): Promise<readonly NodeRecord[]> {
    return (await this.alive()).filter((node) => feeds(node) && node.projections[projection] === version);
  }

  private async alive(): Promise<readonly NodeRecord[]> {
    const { environment, options } = this;
    if (this.known === undefined || environment.now() - this.known.at >= options.maxAgeMs) {
      this.asking ??= this.ask().finally(() => (this.asking = undefined));
      return this.asking;
    }
    return this.known.nodes;
  }

  /** The store's clock compares heartbeats with each other: no clock of a process is asked. */
  private async ask(): Promise<readonly NodeRecord[]> {
    const at = this.environment.now();
    const all = (await this.registry.list()).filter(({ alive }) => alive);
    const latest = Math.max(...all.map(({ seenAt }) => seenAt.getTime()));
    const nodes = all.filter(({ seenAt }) => latest - seenAt.getTime() <= this.options.silentMs);
    this.known = { nodes, at };
    return nodes;
  }
}

const feeds = ({ roles }: NodeRecord): boolean => roles.includes('projections');
