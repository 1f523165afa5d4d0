import type { NodeDescription, NodeRecord, NodeRegistry } from '../node/node-registry.port.js';
import type { InMemoryDatabase } from './in-memory-database.js';

const SILENT_AFTER_MS = 30_000;

/** Heartbeats in memory. */
export class InMemoryNodeRegistry implements NodeRegistry {
  constructor(private readonly database: InMemoryDatabase) {}

  async beat(node: NodeDescription): Promise<void> {
    const seenAt = new Date(this.database.now());
    const startedAt = this.database.nodes.get(node.id)?.startedAt ?? seenAt;
    this.database.nodes.set(node.id, structuredClone({ ...node, startedAt, seenAt }));
  }

  async leave(id: string): Promise<void> {
    this.database.nodes.delete(id);
  }

  async list(): Promise<readonly NodeRecord[]> {
    const silent = this.database.now() - SILENT_AFTER_MS;
    return [...this.database.nodes.values()].map((node) => ({
      ...structuredClone(node),
      alive: node.seenAt.getTime() >= silent,
    }));
  }
}
