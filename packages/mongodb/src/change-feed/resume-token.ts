import { storeTime, type StoreTime } from '@nestfold/core';

const CLUSTER_TIME = /^82([0-9A-Fa-f]{16})/;

/**
 * The cluster time inside a resume token's hex `_data`: a type byte (0x82), then the timestamp. Since the time comes first,
 * tokens of one deployment compare in order as text. Answers the start of time for a token of another form, which
 * is safe where times are lower bounds.
 */
export function timeOfToken(token: string): StoreTime {
  const time = CLUSTER_TIME.exec(token)?.[1];
  return time === undefined ? storeTime(0, 0) : time.toLowerCase();
}

/** A text before the tokens of all changes at or after a cluster time: for comparing only, no server takes it. */
export function tokenAt(time: StoreTime): string {
  return `82${time.toUpperCase()}`;
}
