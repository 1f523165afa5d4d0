import { decodePayloads } from '../codec/decode-payloads.js';
import type { PayloadCodec } from '../codec/payload-codec.port.js';
import type { Commit } from '../event/event.js';
import { plainCopy } from '../event/plain-data.js';

/** Copies for a reader, who shares no object with the store; payloads are decoded all at once. */
export async function decodeCommits(commits: readonly Commit[], codec: PayloadCodec | undefined): Promise<Commit[]> {
  const copies = commits.map(copyCommit);
  if (!codec || copies.length === 0) return copies;
  const decoded = await decodePayloads(
    codec,
    copies.flatMap(({ stream, events }) => events.map((event) => ({ stream, event }))),
  );
  let next = 0;
  return copies.map((commit) => {
    const events = decoded.slice(next, next + commit.events.length);
    next += commit.events.length;
    return { ...commit, events };
  });
}

function copyCommit(commit: Commit): Commit {
  return {
    ...commit,
    events: commit.events.map((event) => ({ ...event, data: plainCopy(event.data) })),
    metadata: plainCopy(commit.metadata),
    occurredAt: new Date(commit.occurredAt),
    recordedAt: new Date(commit.recordedAt),
  };
}
