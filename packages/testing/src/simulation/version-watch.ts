import type { InMemoryDatabase, StoreConnection } from '@nestfold/core';
import { projectionDefinitionOf } from '@nestfold/projections';
import type { Violation } from '../history/history.js';
import { altered } from './altered.js';
import type { Build } from './scenario.js';

/**
 * Sees two builds beside each other keep their hands off what is not theirs: a version is dropped only when nobody has named it for as long as was promised, a
 * collection only when its generation has ended, and a lease is taken only by who compiled what it is for.
 */
export class VersionWatch {
  readonly violations: Violation[] = [];
  /** Versions that began to be dropped. */
  drops = 0;
  private readonly keptUntil = new Map<string, number>();

  constructor(private readonly database: InMemoryDatabase) {}

  /** The store of a process of a build, watched. */
  watch(store: StoreConnection, process: string, build: Build | undefined): StoreConnection {
    const { generations, leases, readModels } = store;
    return {
      ...store,
      generations: altered(generations, {
        name: (versions, keepMs) => {
          for (const { projection, version } of versions) this.named(`${projection}.${version}`, keepMs);
          return generations.name(versions, keepMs);
        },
        expire: async (keepMs) => {
          const before = this.dropping();
          const found = await generations.expire(keepMs);
          for (const key of this.dropping()) if (!before.includes(key)) this.dropped(key, process);
          return found;
        },
      }),
      readModels: altered(readModels, {
        drop: (collection) => {
          this.removed(collection, process);
          return readModels.drop(collection);
        },
      }),
      leases: altered(leases, {
        acquire: async (key, request) => {
          const needs = this.database.leases.get(key)?.needs;
          const lease = await leases.acquire(key, request);
          if (lease !== undefined && request.force !== true && build !== undefined)
            this.taken(key, needs, process, build);
          return lease;
        },
      }),
    };
  }

  /** It is noted again only after a third of that time. */
  private named(key: string, keepMs: number): void {
    const entry = this.database.registry.get(key);
    if (entry === undefined || entry.dropping) return;
    this.keptUntil.set(key, Math.max(this.database.now() + (2 / 3) * keepMs, this.keptUntil.get(key) ?? 0));
  }

  private dropping(): string[] {
    return [...this.database.registry].flatMap(([key, { dropping }]) => (dropping ? [key] : []));
  }

  private dropped(key: string, process: string): void {
    this.drops += 1;
    const left = (this.keptUntil.get(key) ?? 0) - this.database.now();
    if (left > 0) this.tell('version-kept', key, `${process} drops it, which was to be kept for ${left} ms more`);
  }

  private removed(collection: string, process: string): void {
    const owner = [...this.database.generations.values()].find((one) =>
      Object.values(one.collections).includes(collection),
    );
    if (owner?.state === 'live' || owner?.state === 'building')
      this.tell('version-kept', collection, `${process} drops it, though its generation is ${owner.state}`);
  }

  private taken(key: string, needs: string | undefined, process: string, { name, projections, types }: Build): void {
    const [type = '', schema = '0'] = needs?.split('@') ?? [];
    if (needs !== undefined && types.judge(type, Number(schema)) === 'newer')
      this.tell('own-version', key, `${process} (build ${name}) takes its lease, which needs ${needs}`);
    const generation = this.database.generations.get(key.split('/')[0]!);
    if (generation === undefined) return;
    const isCompiled = projections
      .map(projectionDefinitionOf)
      .some((one) => one.name === generation.projection && one.version === generation.version);
    if (!isCompiled)
      this.tell('own-version', key, `${process} (build ${name}) takes its lease, and has no such version`);
  }

  private tell(rule: Violation['rule'], subject: string, what: string): void {
    this.violations.push({ rule, subject, message: `${subject}: ${what}.` });
  }
}
