import type { Commit, PayloadCodec } from '@nestfold/core';
import { commitOf, type CommitDocument } from './commit-document.js';

/** The commits in documents, in order; where there is a codec, all their payloads pass it at once. */
export async function decodeCommits(
  documents: readonly CommitDocument[],
  codec: PayloadCodec | undefined,
): Promise<Commit[]> {
  const commits = documents.map(commitOf);
  if (!codec || commits.length === 0) return commits;
  const decoded = await codec.decode(
    commits.flatMap(({ stream, events }) => events.map((event) => ({ stream, event }))),
  );
  let taken = 0;
  return commits.map((commit) => ({ ...commit, events: decoded.slice(taken, (taken += commit.events.length)) }));
}
