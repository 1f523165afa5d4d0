import type { Lease } from '@nestfold/core';
import type { Binary } from 'mongodb';

/** A session that may hold a transaction open although its owner is gone. */
export interface LeasedSession {
  /** The session's UUID. */
  readonly session: string;
  /** The digest of the database user it belongs to, where the server told it. */
  readonly user?: Binary;
}

/** A lease as it is stored. A free one has no owner, but keeps its token for ever. */
export interface LeaseDocument extends Partial<LeasedSession> {
  readonly _id: string;
  readonly owner?: string;
  readonly token: number;
  readonly until: Date;
  /** Sessions of former owners that nobody has ended yet. */
  readonly orphans?: readonly LeasedSession[];
  /** What the last owner lacked; it stays named as the owner, though its time is over. */
  readonly needs?: string;
}

/** The lease that a document describes; `undefined` for a free one. */
export function leaseOf({ _id, owner, token, until }: LeaseDocument): Lease | undefined {
  return owner === undefined ? undefined : { key: _id, owner, token, until };
}
