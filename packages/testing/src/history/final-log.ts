import type { Commit } from '@nestfold/core';
import type { FinalEvent, FinalLog } from './history.js';

/** The id of an event of a Nestfold commit: what a client knows before the store has answered, since it gives the commit's id. */
export function eventIdOf(commitId: string, index: number): string {
  return `${commitId}/${index}`;
}

/** The final log of a history, from the commits of a store; within a stream they come in the order in which they are stored. */
export function finalLogOf(commits: Iterable<Pick<Commit, 'stream' | 'firstVersion' | 'id' | 'events'>>): FinalLog {
  const log = new Map<string, FinalEvent[]>();
  for (const { stream, firstVersion, id, events } of commits) {
    const found = log.get(stream);
    const placed = events.map((_, index) => ({ version: firstVersion + index, id: eventIdOf(id, index) }));
    if (found) found.push(...placed);
    else log.set(stream, placed);
  }
  return log;
}
