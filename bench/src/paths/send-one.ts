import { randomUUID } from 'node:crypto';
import { loadedVersion, type CommitReceipt, type StoreConnection } from '@nestfold/core';

/** Appends one event that opens a fresh counter. */
export async function openCounter(store: StoreConnection, counterId: string): Promise<CommitReceipt> {
  const [receipt] = await store.events.append([
    {
      stream: `counter-${counterId}`,
      expected: loadedVersion(0),
      events: [{ type: 'bench.opened', schema: 1, data: { counterId, label: 'live' } }],
      commitId: randomUUID(),
      metadata: { correlationId: 'bench', causationId: 'bench' },
    },
  ]);
  return receipt!;
}

/** Appends one event to a counter that is there. */
export async function addToCounter(store: StoreConnection, counterId: string): Promise<CommitReceipt> {
  const [receipt] = await store.events.append([
    {
      stream: `counter-${counterId}`,
      expected: 'any',
      events: [{ type: 'bench.added', schema: 1, data: { counterId, by: 1 } }],
      commitId: randomUUID(),
      metadata: { correlationId: 'bench', causationId: 'bench' },
    },
  ]);
  return receipt!;
}
