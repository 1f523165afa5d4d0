import { BSON, MongoAPIError, MongoBulkWriteError, MongoServerError, type WriteError } from 'mongodb';

/** What an insert did with one document. */
export type InsertOutcome =
  | { readonly kind: 'stored' }
  /** Refused: its key is there. */
  | { readonly kind: 'taken' }
  /** It may be there or come to be there: to be sent again, never to be looked for. */
  | { readonly kind: 'unknown'; readonly cause: unknown }
  /** Certainly not there, and never will be. */
  | { readonly kind: 'failed'; readonly cause: unknown };

const DUPLICATE_KEY = 11_000;

/** Refusals before anything was done: rights, shape, size. */
const CERTAIN_FAILURES = new Set([2, 13, 14, 18, 20, 22, 73, 10_334, 17_280, 17_419, 17_420]);

/** The outcome of each of `count` documents whose insert threw. */
export function outcomesOfError(error: unknown, count: number): InsertOutcome[] {
  const unknown: InsertOutcome = { kind: 'unknown', cause: error };
  if (!(error instanceof MongoBulkWriteError)) return Array.from({ length: count }, () => outcomeOfSingle(error));
  // `error.writeErrors` is empty when the reply has a write-concern error too: only the result knows both.
  const writeErrors = new Map([error.result.getWriteErrors()].flat().map((one: WriteError) => [one.index, one]));
  const durable = error.result.getWriteConcernError() === undefined && writeErrors.size > 0;
  return Array.from({ length: count }, (_, index) => {
    const writeError = writeErrors.get(index);
    if (writeError === undefined) return durable ? { kind: 'stored' } : unknown;
    if (writeError.code === DUPLICATE_KEY) return { kind: 'taken' };
    return CERTAIN_FAILURES.has(Number(writeError.code)) ? { kind: 'failed', cause: writeError } : { kind: 'unknown', cause: writeError };
  });
}

function outcomeOfSingle(error: unknown): InsertOutcome {
  if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return { kind: 'taken' };
  if (error instanceof MongoServerError && CERTAIN_FAILURES.has(Number(error.code))) return { kind: 'failed', cause: error };
  // What the driver refused itself never left this process. All else leaves open what the server did: the driver lets through even plain
  // socket errors (EPIPE right after a primary was killed), which are none of its own classes.
  const refusedHere = error instanceof BSON.BSONError || error instanceof MongoAPIError || error instanceof TypeError || error instanceof RangeError;
  return refusedHere ? { kind: 'failed', cause: error } : { kind: 'unknown', cause: error };
}
