import type { Commit, Metadata, StoredEvent, StreamName } from '@nestfold/core';
import { Timestamp, type Binary } from 'mongodb';
import { fromBson, storeTimeOf, uuidText } from '../connection/bson-mapping.js';

/** One commit as it is stored: one document, so that one insert is one atomic append. */
export interface CommitDocument {
  /** Stream and first version: the only unique key. The order of its fields is part of the key. */
  readonly _id: { readonly s: StreamName; readonly v: number };
  /** How many events. */
  readonly n: number;
  /** Filled by the server while the document is prepared: sorts history, says nothing about visibility. */
  readonly ts: Timestamp;
  /** The appender's clock. */
  readonly at: Date;
  /** When it occurred, where that is another time. */
  readonly o?: Date;
  /** The stream's slice. */
  readonly h: number;
  /** The commit's id. */
  readonly c: Binary;
  /** Present where a caller's key stands behind the id: then the id is indexed. */
  readonly keyed?: true;
  /** The hash of the command's body. */
  readonly b?: string;
  readonly e: readonly EventDocument[];
  readonly m: MetadataDocument;
  /** Present where a payload holds a decimal, so that reading looks for it. */
  readonly x?: true;
}

/** An event inside its commit: type, version of the schema, data. */
export interface EventDocument {
  readonly t: string;
  readonly k: number;
  readonly d: object;
}

/** Metadata under short names: it is stored with every commit. */
export interface MetadataDocument {
  readonly c: string;
  readonly u: string;
  readonly a?: Metadata['actor'];
  readonly t?: string;
  readonly p?: string;
  readonly x?: Metadata['custom'];
}

/** What tells one commit from another and where it ends: enough for a receipt. */
export type CommitStub = Pick<CommitDocument, '_id' | 'n' | 'c' | 'b'>;

/** Reads only that. */
export const STUB_FIELDS = { n: 1, c: 1, b: 1 } as const;

/** A zero timestamp at the top of a document is replaced by the server's clock. */
export const SERVER_FILLED = new Timestamp({ t: 0, i: 0 });

/** The version of the last event. */
export function lastVersion({ _id, n }: Pick<CommitDocument, '_id' | 'n'>): number {
  return _id.v + n - 1;
}

/** The commit in a document. */
export function commitOf(document: CommitDocument): Commit {
  const { _id, ts, at, o, c, keyed, b, e, m, x } = document;
  const events: StoredEvent[] = new Array<StoredEvent>(e.length);
  for (let index = 0; index < e.length; index += 1) {
    const { t, k, d } = e[index] as EventDocument;
    events[index] = { type: t, schema: k, data: x ? fromBson(d) : d };
  }
  const commit = {
    stream: _id.s,
    firstVersion: _id.v,
    id: uuidText(c),
    keyed: keyed === true,
    events,
    metadata: metadataOf(m),
    occurredAt: o ?? at,
    recordedAt: at,
    time: storeTimeOf(ts),
  };
  return b === undefined ? commit : { ...commit, bodyHash: b };
}

function metadataOf({ c, u, a, t, p, x }: MetadataDocument): Metadata {
  return {
    correlationId: c,
    causationId: u,
    ...(a !== undefined && { actor: a }),
    ...(t !== undefined && { tenant: t }),
    ...(p !== undefined && { traceparent: p }),
    ...(x !== undefined && { custom: x }),
  };
}
