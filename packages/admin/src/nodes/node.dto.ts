import type { NodeRecord } from '@nestfold/core';

/** A process of the application. */
export class NodeDto {
  id!: string;
  host!: string;
  pid!: number;
  build!: string;
  roles!: readonly string[];
  /** Compiled version of each projection. */
  projections!: Readonly<Record<string, number>>;
  /** Compiled schema version of each event. */
  events!: Readonly<Record<string, number>>;
  commands!: readonly string[];
  /** ISO 8601. */
  startedAt!: string;
  /** ISO 8601; by the store's clock. */
  seenAt!: string;
  /** False when it has missed its heartbeats. */
  alive!: boolean;
}

/** A node as it is answered. */
export function nodeDto({ startedAt, seenAt, ...node }: NodeRecord): NodeDto {
  return { ...node, startedAt: startedAt.toISOString(), seenAt: seenAt.toISOString() };
}
