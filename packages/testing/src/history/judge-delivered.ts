import { lastVersionOf, type Commit } from '@nestfold/core';
import type { Violation } from './history.js';

/**
 * At-least-once: every event of `types` was delivered, and the first deliveries of a stream's events came in their order. Those that an operator had
 * `discarded` (`<stream>:<version>`) need not come.
 */
export function judgeDelivered(
  name: string,
  commits: Iterable<Commit>,
  types: ReadonlySet<string>,
  delivered: readonly { readonly stream: string; readonly version: number }[],
  discarded: ReadonlySet<string> = new Set(),
): Violation[] {
  const found: Violation[] = [];
  const tell = (stream: string, what: string): void =>
    void found.push({ rule: 'delivered', subject: stream, message: `${name}: ${stream}: ${what}.` });
  const reached = new Map<string, Set<number>>();
  for (const { stream, version } of delivered) {
    const versions = reached.get(stream) ?? new Set();
    reached.set(stream, versions);
    if (!versions.has(version) && [...versions].some((one) => one > version))
      tell(stream, `version ${version} was delivered for the first time after a later one`);
    versions.add(version);
  }
  for (const commit of commits)
    for (let version = commit.firstVersion; version <= lastVersionOf(commit); version += 1) {
      const type = commit.events[version - commit.firstVersion]!.type;
      const isDue = types.has(type) && !discarded.has(`${commit.stream}:${version}`);
      if (isDue && reached.get(commit.stream)?.has(version) !== true)
        tell(commit.stream, `version ${version} was not delivered`);
    }
  return found;
}
