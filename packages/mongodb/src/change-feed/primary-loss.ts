import type { MongoClient, TopologyDescription, TopologyDescriptionChangedEvent } from 'mongodb';

/** Calls back each time the driver learns that a primary is none any more; answers how to end that. */
export function onPrimaryLost(client: MongoClient, lost: () => void): () => void {
  const listener = ({ previousDescription, newDescription }: TopologyDescriptionChangedEvent): void => {
    const before = primaryOf(previousDescription);
    if (before !== undefined && before !== primaryOf(newDescription)) lost();
  };
  client.on('topologyDescriptionChanged', listener);
  return () => void client.off('topologyDescriptionChanged', listener);
}

function primaryOf({ servers }: TopologyDescription): string | undefined {
  for (const { type, address } of servers.values()) if (type === 'RSPrimary') return address;
  return undefined;
}
