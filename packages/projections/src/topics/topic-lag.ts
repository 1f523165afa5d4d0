import {
  secondsOf,
  TransportUnavailable,
  type Generation,
  type GenerationFailure,
  type PartitionReach,
} from '@nestfold/core';
import type { Lag } from '../rebuilding/rollback-refused.error.js';
import type { EngineContext } from '../running/engine-context.js';
import { describe } from '../running/failure.js';
import { partitionKeys } from '../running/keys.js';
import { untilAborted } from '../running/until-aborted.js';

/** A broker that does not answer for so long is not waited for by those who look at many things. */
const PATIENCE_MS = 2_000;

/** How far the partitions of a generation are behind their topic. */
export interface TopicLags {
  readonly lags: readonly Lag[];
  /** Why nobody knows what is left: then `lagEvents` is 0, and `lagSeconds` says how old the last commit is that was taken, for all the same. */
  readonly unknown?: GenerationFailure;
}

/**
 * What each partition of a generation has still to take from its topic: messages, what a relay sent twice included, and the age of the last commit
 * that it took, by the store's clock then and this process's now. By what is saved: up to a second old.
 */
export async function topicLags(context: EngineContext, generation: Generation, topic: string): Promise<TopicLags> {
  const { connection, environment } = context;
  const keys = partitionKeys(generation);
  const [found, reach] = await Promise.all([connection.checkpoints.findAll(keys), reachOf(context, topic)]);
  const unknown = 'code' in reach ? reach : undefined;
  const lags = keys.map((key, partition) => {
    const position = found.find((one) => one.key === key)?.position;
    const place = position?.phase === 'topic' ? position : undefined;
    const lagEvents = 'code' in reach ? 0 : left(place?.next[partition], reach[partition]);
    const seconds = place?.clock === undefined ? 0 : environment.now() / 1_000 - secondsOf(place.clock);
    return { lagEvents, lagSeconds: unknown === undefined && lagEvents === 0 ? 0 : Math.max(0, Math.floor(seconds)) };
  });
  return { lags, ...(unknown && { unknown }) };
}

/** Where the partitions of a topic end; why that is not known. */
async function reachOf(
  { transport, environment }: EngineContext,
  topic: string,
): Promise<readonly PartitionReach[] | GenerationFailure> {
  const over = new AbortController();
  void environment.sleep(PATIENCE_MS, over.signal).then(() => over.abort());
  try {
    const reach = transport && (await untilAborted(transport.reach(topic), over.signal));
    return reach ?? failure(new TransportUnavailable('The broker does not answer.'), environment.now());
  } catch (error) {
    return failure(error, environment.now());
  } finally {
    over.abort();
  }
}

function failure(error: unknown, now: number): GenerationFailure {
  const { code, message } = describe(error);
  return { code, message: `How far it is behind its topic is not known. ${message}`, at: new Date(now) };
}

function left(next: number | undefined, reach: PartitionReach | undefined): number {
  return reach === undefined ? 0 : Math.max(0, reach.end - (next ?? reach.earliest));
}
