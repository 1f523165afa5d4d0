import type { MongoClient, TopologyDescription, TopologyDescriptionChangedEvent } from 'mongodb';

/** Who is told, by client: one listener a client, however many read from it. */
const told = new WeakMap<MongoClient, Set<() => void>>();

/** Calls back each time the driver learns that a primary is none any more; answers how to end that. */
export function onPrimaryLost(client: MongoClient, lost: () => void): () => void {
  const readers = told.get(client) ?? listening(client);
  readers.add(lost);
  return () => void readers.delete(lost);
}

function listening(client: MongoClient): Set<() => void> {
  const readers = new Set<() => void>();
  told.set(client, readers);
  client.on('topologyDescriptionChanged', (event: TopologyDescriptionChangedEvent) => {
    const before = primaryOf(event.previousDescription);
    if (before === undefined || before === primaryOf(event.newDescription)) return;
    for (const lost of [...readers]) lost();
  });
  return readers;
}

function primaryOf({ servers }: TopologyDescription): string | undefined {
  for (const { type, address } of servers.values()) if (type === 'RSPrimary') return address;
  return undefined;
}
