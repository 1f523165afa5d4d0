import type { NodeDescription, NodeRecord, NodeRegistry } from '@nestfold/core';
import type { Collection, Db } from 'mongodb';
import { COLLECTIONS } from '../connection/collections.js';
import { DURABLE, MAJORITY } from '../connection/durability.js';

type NodeDocument = Omit<NodeRecord, 'id' | 'alive' | 'projections' | 'events'> & {
  readonly _id: string;
  /** Pairs, since names of projections and events may hold dots. */
  readonly projections: readonly { readonly name: string; readonly version: number }[];
  readonly events: readonly { readonly name: string; readonly version: number }[];
};

const SILENT_AFTER_MS = 30_000;

/** Heartbeats in a collection, by the server's clock on both sides. */
export class MongoNodeRegistry implements NodeRegistry {
  private readonly nodes: Collection<NodeDocument>;

  constructor(db: Db) {
    this.nodes = db.collection<NodeDocument>(COLLECTIONS.nodes, { ...MAJORITY, writeConcern: DURABLE });
  }

  async beat({ id, projections, events, ...node }: NodeDescription): Promise<void> {
    const fields = { ...node, projections: pairsOf(projections), events: pairsOf(events) };
    await this.nodes.updateOne(
      { _id: id },
      [{ $set: { ...literals(fields), seenAt: '$$NOW', startedAt: { $ifNull: ['$startedAt', '$$NOW'] } } }],
      { upsert: true },
    );
  }

  async leave(id: string): Promise<void> {
    await this.nodes.deleteOne({ _id: id });
  }

  async list(): Promise<readonly NodeRecord[]> {
    const alive = { $gte: ['$seenAt', { $subtract: ['$$NOW', SILENT_AFTER_MS] }] };
    const found = await this.nodes
      .aggregate<NodeDocument & { alive: boolean }>([{ $set: { alive } }, { $sort: { startedAt: 1, _id: 1 } }])
      .toArray();
    return found.map(({ _id: id, projections, events, ...node }) => ({
      ...node,
      id,
      projections: recordOf(projections),
      events: recordOf(events),
    }));
  }
}

/** Values as the pipeline stores them: not as expressions, whatever they begin with. */
function literals(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, { $literal: value as unknown }]));
}

function pairsOf(versions: Readonly<Record<string, number>>): { name: string; version: number }[] {
  return Object.entries(versions).map(([name, version]) => ({ name, version }));
}

function recordOf(pairs: NodeDocument['projections']): Record<string, number> {
  return Object.fromEntries(pairs.map(({ name, version }) => [name, version]));
}
