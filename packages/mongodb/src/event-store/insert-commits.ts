import type { ClientSession, Collection, OptionalUnlessRequiredId } from 'mongodb';
import type { CommitDocument } from './commit-document.js';
import { outcomesOfError, type InsertOutcome } from './insert-outcome.js';

const STORED: InsertOutcome = { kind: 'stored' };

/** One unordered insert of commits; answers each one's own outcome, and throws nothing. */
export async function insertCommits(
  commits: Collection<CommitDocument>,
  documents: readonly CommitDocument[],
  options: { readonly session?: ClientSession; readonly maxTimeMS: number },
): Promise<readonly InsertOutcome[]> {
  const [only] = documents;
  try {
    if (only !== undefined && documents.length === 1) await commits.insertOne(only as OptionalUnlessRequiredId<CommitDocument>, options);
    else await commits.insertMany(documents as OptionalUnlessRequiredId<CommitDocument>[], { ...options, ordered: false });
    return documents.map(() => STORED);
  } catch (error) {
    return outcomesOfError(error, documents.length);
  }
}
