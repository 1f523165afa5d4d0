import type { StoreTime } from '@nestfold/core';
import {
  BSON,
  MongoInvalidArgumentError,
  MongoServerError,
  MongoWriteConcernError,
  type Document,
  type Timestamp,
} from 'mongodb';
import { storeTimeOf } from '../connection/bson-mapping.js';

/** What an insert says of one document that it did not simply store. */
export type Fault =
  /** Refused: its key is there. */
  | { readonly kind: 'taken' }
  /** It may be there or come to be there: to be sent again, never to be looked for. */
  | { readonly kind: 'unsure'; readonly cause: unknown }
  /** Certainly not there, and never will be. */
  | { readonly kind: 'refused'; readonly cause: unknown };

/** What an insert says of its documents. */
export interface InsertReply {
  /** The store's clock at the acknowledgement; missing when nothing was acknowledged. */
  readonly time?: StoreTime;
  /** Of all documents that `faults` does not name; missing: they are stored, at a majority and on disk. */
  readonly others?: Fault;
  /** By the document's index. */
  readonly faults?: ReadonlyMap<number, Fault>;
}

const DUPLICATE_KEY = 11_000;

/** Refusals of rights, shape or size, before anything was done. Any other code leaves open what was. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  2, 9, 13, 14, 18, 20, 22, 26, 73, 121, 166, 10_334, 17_280, 17_419, 17_420,
]);

/** Reads the server's answer to an insert. */
export function replyOf(answer: Document): InsertReply & { readonly time: StoreTime } {
  const time = storeTimeOf(answer['operationTime'] as Timestamp);
  const errors = answer['writeErrors'] as readonly WriteErrorDocument[] | undefined;
  return errors === undefined ? { time } : { time, faults: faultsOf(errors) };
}

/** Reads what an insert threw. */
export function replyOfError(error: unknown): InsertReply {
  if (error instanceof MongoWriteConcernError) {
    // A reply may hold both: the error's own fields then speak of durability only, and what was refused stands in the reply.
    const errors = (error.result['writeErrors'] ?? []) as readonly WriteErrorDocument[];
    return { others: { kind: 'unsure', cause: error }, faults: faultsOf(errors) };
  }
  const refused = error instanceof MongoServerError ? REFUSALS.has(error.code) : refusedHere(error);
  return { others: { kind: refused ? 'refused' : 'unsure', cause: error } };
}

/** The fault of one document; `undefined` when it is stored. */
export function faultAt(reply: InsertReply, index: number): Fault | undefined {
  return reply.faults?.get(index) ?? reply.others;
}

interface WriteErrorDocument {
  readonly index: number;
  readonly code: number;
  readonly errmsg: string;
}

function faultsOf(errors: readonly WriteErrorDocument[]): ReadonlyMap<number, Fault> {
  return new Map(errors.map((error) => [error.index, faultOf(error)]));
}

function faultOf(cause: WriteErrorDocument): Fault {
  if (cause.code === DUPLICATE_KEY) return { kind: 'taken' };
  return { kind: REFUSALS.has(cause.code) ? 'refused' : 'unsure', cause };
}

/**
 * What the driver could not make into bytes. All else leaves open what the server did: the driver lets through plain socket errors
 * (EPIPE right after a primary was killed), which are none of its own classes, and tells of a closed server or pool, which
 * say nothing about the commits, as misuse of its interface.
 */
function refusedHere(error: unknown): boolean {
  return error instanceof BSON.BSONError || error instanceof MongoInvalidArgumentError || error instanceof RangeError;
}
