import type { RelayedCommit, RelayMark, StoreTime } from '@nestfold/core';

/** The header in which a relay says when the store took a commit, and who sends it: one for all, since a client takes longer over many headers. */
export const RELAY = 'relay';

const FORM = /^(\d{1,16});([0-9a-f]{16});([0-9a-f]{16})?;([0-9a-f]{16})?;(.{1,200})$/;

/** Token, the store's time of the commit, the feed's time and the floor where there are such, and the epoch, which may hold any sign. */
export function relayHeaderOf({ commit, relay }: RelayedCommit): string {
  return `${relay.token};${commit.time};${relay.time ?? ''};${relay.floor ?? ''};${relay.epoch}`;
}

/** What such a header says; `undefined` where it is none. */
export function readRelayHeader(
  text: string,
): { readonly storeTime: StoreTime; readonly relay: RelayMark } | undefined {
  const [, digits, storeTime, time, floor, epoch] = FORM.exec(text) ?? [];
  const token = Number(digits);
  if (storeTime === undefined || epoch === undefined || !Number.isSafeInteger(token) || token < 1) return undefined;
  const relay: { -readonly [K in keyof RelayMark]: RelayMark[K] } = { epoch, token };
  if (floor !== undefined) relay.floor = floor;
  if (time !== undefined) relay.time = time;
  return { storeTime, relay };
}
