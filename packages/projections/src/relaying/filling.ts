import type { Checkpoint, StoreTime, TopicDefinition, TransportConnection } from '@nestfold/core';

/**
 * Whether a topic holds nothing, although something was sent to it: it was deleted, and made anew. What retention has cut leaves an end behind. Throws
 * `TransportUnavailable`.
 */
export async function isMadeAnew(
  transport: TransportConnection,
  { name }: TopicDefinition,
  { last }: Checkpoint,
): Promise<boolean> {
  return last !== undefined && (await transport.reach(name)).every(({ end }) => end === 0);
}

/** Which filling of a topic a relay's place belongs to; `undefined` of the first one. */
export function fillOf({ position }: Checkpoint): number | undefined {
  return position === undefined || position.phase === 'topic' ? undefined : position.fill;
}

/** What the messages of a filling tell as their epoch: another filling is as another store to readers, whose offsets name other commits in it. */
export function epochOf(store: string, fill: number | undefined): string {
  return fill === undefined ? store : `${store}+${fill}`;
}

/** The store's own part of such an epoch: within it the tokens of relays only rise. */
export function storeOf(epoch: string): string {
  return epoch.replace(/\+\d+$/, '');
}

/** From there on all may be sent again. None while a topic is filled anew: the stored one is the former topic's until all history is out. */
export function floorOf(stored: Checkpoint): StoreTime | undefined {
  const { position, floor } = stored;
  const isLive = position?.phase === 'live' && position.feed !== undefined;
  return fillOf(stored) === undefined || isLive ? floor : undefined;
}
