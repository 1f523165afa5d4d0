import { MongoError } from 'mongodb';
import type { ClientSession, Db, Document } from 'mongodb';
import type { ChangeOperation } from './change-operations.js';

/** Why the server refused one statement, and which. */
export interface RefusedStatement {
  readonly index: number;
  readonly code?: number | undefined;
  readonly errmsg?: string | undefined;
}

/** The server refused one of the statements that were sent together; those behind it were not tried. */
export class StatementRefused extends MongoError {
  constructor(readonly refused: RefusedStatement) {
    super(refused.errmsg ?? 'the database gave no reason');
    if (refused.code !== undefined) this.code = refused.code;
  }
}

/** How many documents were found to be changed or removed, and how many were made since they were missing. */
export interface Found {
  readonly matchedCount: number;
  readonly upsertedCount: number;
  readonly deletedCount: number;
}

/** Below what a command may hold: a document of 16 MB, and 100,000 statements. */
const [MOST_BYTES, MOST_STATEMENTS] = [12 * 1024 * 1024, 50_000];
/** More than any value needs beside its text: type, name's end, length, end of text, and what stands around a statement. */
const FRAME = 24;
/** Texts up to this length are taken for three bytes a character: counting them would cost more than it brings. */
const UNCOUNTED = 40;

/** Whether all statements surely fit into one command of each kind. */
export function fitsOneCommand(operations: readonly ChangeOperation[]): boolean {
  if (operations.length > MOST_STATEMENTS) return false;
  let left = MOST_BYTES;
  for (const { statement } of operations) {
    left -= mostBytesOf(statement, left);
    if (left < 0) return false;
  }
  return true;
}

/**
 * Sends statements in the open transaction of a session, as they stand and those of a kind together: for the driver's bulk write each of them is put into words
 * twice more, and into a buffer of its own. The driver repeats nothing in a transaction, so nothing is lost by that. Throws `StatementRefused`, and what the
 * driver throws. For what `fitsOneCommand`.
 */
export async function writeInTransaction(
  db: Db,
  collection: string,
  operations: readonly ChangeOperation[],
  session: ClientSession,
): Promise<Found> {
  let found: Found = { matchedCount: 0, upsertedCount: 0, deletedCount: 0 };
  for (let begin = 0; begin < operations.length;) {
    const command = commandOf(operations[begin]!);
    const statements: Document[] = [];
    let end = begin;
    for (; end < operations.length && commandOf(operations[end]!) === command; end += 1)
      statements.push(operations[end]!.statement);
    const reply = (await db.command(
      { [command]: collection, ordered: true, [STATEMENTS[command]]: statements },
      { session, ignoreUndefined: true },
    )) as Reply;
    const refused = reply.writeErrors?.[0];
    if (refused !== undefined) throw new StatementRefused({ ...refused, index: begin + refused.index });
    found = sumOf(found, command, reply);
    begin = end;
  }
  return found;
}

type Command = 'delete' | 'update' | 'insert';

interface Reply {
  readonly n: number;
  readonly upserted?: readonly unknown[];
  readonly writeErrors?: readonly RefusedStatement[];
}

const STATEMENTS = { delete: 'deletes', update: 'updates', insert: 'documents' } as const;

function commandOf({ kind }: ChangeOperation): Command {
  return kind === 'remove' ? 'delete' : kind === 'insert' ? 'insert' : 'update';
}

function sumOf({ matchedCount, upsertedCount, deletedCount }: Found, command: Command, { n, upserted = [] }: Reply) {
  return {
    matchedCount: matchedCount + (command === 'update' ? n - upserted.length : 0),
    upsertedCount: upsertedCount + upserted.length,
    deletedCount: deletedCount + (command === 'delete' ? n : 0),
  };
}

/** Never too few; looks no further than `limit`. */
function mostBytesOf(value: unknown, limit: number): number {
  if (typeof value === 'string')
    return FRAME + (value.length > UNCOUNTED ? Buffer.byteLength(value) : 3 * value.length);
  if (typeof value !== 'object' || value === null) return FRAME;
  let bytes = FRAME;
  for (const key in value) {
    bytes += 3 * key.length + mostBytesOf((value as Document)[key], limit - bytes);
    if (bytes > limit) break;
  }
  return bytes;
}
