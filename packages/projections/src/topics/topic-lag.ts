import { secondsOf, type Generation, type PartitionReach } from '@nestfold/core';
import type { Lag } from '../rebuilding/rollback-refused.error.js';
import type { EngineContext } from '../running/engine-context.js';
import { partitionKeys } from '../running/keys.js';
import { untilAborted } from '../running/until-aborted.js';

/** A broker that does not answer for so long is not waited for by those who look at many things. */
const PATIENCE_MS = 2_000;

/**
 * What each partition of a generation has still to take from its topic: messages, what a relay sent twice included, and the age of the last commit
 * that it took, by the store's clock then and this process's now. By what is saved: up to a second old. Of a broker that does not
 * answer, nothing is known to be left.
 */
export async function topicLags(
  { connection, transport, environment }: EngineContext,
  generation: Generation,
  topic: string,
): Promise<Lag[]> {
  const keys = partitionKeys(generation);
  const over = new AbortController();
  void environment.sleep(PATIENCE_MS, over.signal).then(() => over.abort());
  const [found, reach] = await Promise.all([
    connection.checkpoints.findAll(keys),
    transport === undefined ? undefined : untilAborted(transport.reach(topic), over.signal).catch(() => undefined),
  ]);
  over.abort();
  return keys.map((key, partition) => {
    const position = found.find((one) => one.key === key)?.position;
    const place = position?.phase === 'topic' ? position : undefined;
    const lagEvents = left(place?.next[partition], reach?.[partition]);
    const seconds = place?.clock === undefined ? 0 : environment.now() / 1_000 - secondsOf(place.clock);
    return { lagEvents, lagSeconds: lagEvents === 0 ? 0 : Math.max(0, Math.floor(seconds)) };
  });
}

function left(next: number | undefined, reach: PartitionReach | undefined): number {
  return reach === undefined ? 0 : Math.max(0, reach.end - (next ?? reach.earliest));
}
