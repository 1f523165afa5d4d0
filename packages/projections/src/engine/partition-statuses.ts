import type { Generation, StoreConnection } from '@nestfold/core';
import type { Lag } from '../rebuilding/rollback-refused.error.js';
import type { GenerationView } from '../running/generation-view.js';
import { partitionKeys } from '../running/keys.js';
import { partitionLags } from './generation-lag.js';
import type { PartitionStatus } from './projection-status.js';

/** How the partitions of a generation stand, wherever they are fed. */
export async function partitionStatusesOf(
  connection: StoreConnection,
  generation: Generation,
  view: GenerationView | undefined,
  topic?: readonly Lag[],
): Promise<PartitionStatus[]> {
  const { leases, nodes } = connection;
  const keys = partitionKeys(generation);
  const [lags, standing, known, parked] = await Promise.all([
    topic ?? partitionLags(connection, generation, view),
    leases.findAll(keys),
    nodes.list(),
    parkedIn(connection, generation),
  ]);
  return keys.map((key, partition): PartitionStatus => {
    const lease = standing.find((one) => one.key === key);
    const owner = lease === undefined || lease.isExpired ? undefined : lease.owner;
    const host = known.find(({ id }) => id === owner)?.host;
    return {
      partition,
      ...(owner !== undefined && { owner }),
      ...(host !== undefined && { host }),
      // `!`: there is a lag for each partition.
      ...lags[partition]!,
      parked: parked.get(key) ?? 0,
      ...(lease?.needs !== undefined && { needs: lease.needs }),
    };
  });
}

/** How many streams each partition holds back; mostly none, which is asked first. */
async function parkedIn({ parked }: StoreConnection, { id }: Generation): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  if ((await parked.summary(id)).parked === 0) return counts;
  for (const { key } of await parked.find(id)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
