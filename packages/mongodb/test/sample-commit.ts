import { randomUUID } from 'node:crypto';
import type { ExpectedVersion, StreamAppend, StreamName } from '@nestfold/core';
import { prepareCommit, type PreparedCommit } from '../src/event-store/prepared-commit.js';

/** An append of one event, or of what is said. */
export function sampleAppend(
  stream: StreamName,
  expected: ExpectedVersion,
  more: Partial<StreamAppend> = {},
): StreamAppend {
  return {
    stream,
    expected,
    events: [{ type: 'sample.happened', schema: 1, data: { note: 'sample' } }],
    commitId: randomUUID(),
    metadata: { correlationId: randomUUID(), causationId: randomUUID() },
    ...more,
  };
}

/** The commit of such an append. */
export function sampleCommit(stream: StreamName, more: Partial<StreamAppend> = {}): PreparedCommit {
  const append = sampleAppend(stream, 'noStream', more);
  return prepareCommit(append, append.events, 0);
}
