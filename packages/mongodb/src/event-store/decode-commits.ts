import { decodePayloads, type Commit, type PayloadCodec } from '@nestfold/core';
import { commitOf, type CommitDocument } from './commit-document.js';

/** The commits in documents, in order; where there is a codec, all their payloads pass it at once. */
export async function decodeCommits(
  documents: readonly CommitDocument[],
  codec: PayloadCodec | undefined,
): Promise<Commit[]> {
  const commits = documents.map(commitOf);
  return codec ? decodedBy(codec, commits) : commits;
}

/** The same commits with the payloads that a codec makes of theirs. */
export async function decodedBy(codec: PayloadCodec, commits: readonly Commit[]): Promise<Commit[]> {
  if (commits.length === 0) return [];
  const decoded = await decodePayloads(
    codec,
    commits.flatMap(({ stream, events }) => events.map((event) => ({ stream, event }))),
  );
  let taken = 0;
  return commits.map((commit) => withEvents(commit, decoded.slice(taken, (taken += commit.events.length))));
}

/** Field by field: not all of them are a commit's own. */
function withEvents(commit: Commit, events: Commit['events']): Commit {
  const { stream, firstVersion, id, keyed, bodyHash, metadata, occurredAt, recordedAt, time } = commit;
  const rest = { stream, firstVersion, id, keyed, events, metadata, occurredAt, recordedAt, time };
  return bodyHash === undefined ? rest : { ...rest, bodyHash };
}
