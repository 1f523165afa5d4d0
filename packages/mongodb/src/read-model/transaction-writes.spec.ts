import type { DocumentChange } from '@nestfold/core';
import type { ClientSession, Db, Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { operationsOf } from './change-operations.js';
import { refusalOf } from './change-refusal.js';
import { fitsOneCommand, writeInTransaction } from './transaction-writes.js';

const session = {} as ClientSession;

/** A database that notes commands, and answers each as it is told. */
function scripted(...replies: Document[]): { readonly db: Db; readonly commands: Document[] } {
  const commands: Document[] = [];
  const command = (sent: Document): Promise<Document> => Promise.resolve(replies[commands.push(sent) - 1]!);
  return { db: { command } as unknown as Db, commands };
}

const changes: readonly DocumentChange[] = [
  { kind: 'insert', id: 'a', document: { _id: 'a' } },
  { kind: 'update', id: 'b', initial: { _id: 'b', n: 0 }, increment: { n: 1 } },
  { kind: 'replace', id: 'c', document: { _id: 'c' } },
  { kind: 'put', id: 'd', document: { _id: 'd' } },
  { kind: 'remove', id: 'e' },
];

describe('the writes of a transaction', () => {
  it('go in one command of each kind, in order, and are counted as a bulk write counts them', async () => {
    const { db, commands } = scripted({ n: 1 }, { n: 4, upserted: [{}, {}] }, { n: 1 });
    const found = await writeInTransaction(db, 'cards', operationsOf(changes), session);
    expect(commands).toEqual([
      { delete: 'cards', ordered: true, deletes: [{ q: { _id: 'e' }, limit: 1 }] },
      {
        update: 'cards',
        ordered: true,
        updates: [
          { q: { _id: 'b' }, u: { $setOnInsert: { n: 0 } }, upsert: true },
          { q: { _id: 'b' }, u: { $inc: { n: 1 } } },
          { q: { _id: 'c' }, u: { _id: 'c' } },
          { q: { _id: 'd' }, u: { _id: 'd' }, upsert: true },
        ],
      },
      { insert: 'cards', ordered: true, documents: [{ _id: 'a' }] },
    ]);
    expect(found).toEqual({ matchedCount: 2, upsertedCount: 2, deletedCount: 1 });
  });

  // Without adding the place of the command's first statement another document was named, and would have been parked.
  it('name the document of a refused statement, and send nothing behind it', async () => {
    const refusal = { index: 2, code: 121, errmsg: 'Document failed validation' };
    const { db, commands } = scripted({ n: 1 }, { n: 2, writeErrors: [refusal] });
    const operations = operationsOf(changes);
    const error = await writeInTransaction(db, 'cards', operations, session).catch((one: unknown) => one);
    expect(refusalOf('cards', operations, error)).toMatchObject({ code: 'read-model.change-refused', id: 'c' });
    expect(commands).toHaveLength(2);
  });

  it('are left to the driver where one command might not hold them', () => {
    const of = (text: string, times = 1): boolean =>
      fitsOneCommand(
        operationsOf(Array.from({ length: times }, (_, n) => ({ kind: 'update', id: `${n}`, set: { text } }))),
      );
    expect(of('x'.repeat(1_000_000), 11)).toBe(true);
    expect(of('x'.repeat(1_000_000), 13)).toBe(false);
    expect(of('€'.repeat(4_300_000))).toBe(false);
    expect(of('', 50_001)).toBe(false);
  });
});
