import type { RelayedCommit, RelayMark, StoreTime } from '@nestfold/core';

/** The header in which a relay says when the store took a commit, and who sends it: one for all, since a client takes longer over many headers. */
export const RELAY = 'relay';

const FORM = /^\d{1,16};[0-9a-f]{16};(?:[0-9a-f]{16})?;(?:[0-9a-f]{16})?;.{1,200}$/;
/** How long a time is. */
const TIME = 16;

/** Token, the store's time of the commit, the feed's time and the floor where there are such, and the epoch, which may hold any sign. */
export function relayHeaderOf({ commit, relay }: RelayedCommit): string {
  return `${relay.token};${commit.time};${relay.time ?? ''};${relay.floor ?? ''};${relay.epoch}`;
}

/** What such a header says; `undefined` where it is none. */
export function readRelayHeader(
  text: string,
): { readonly storeTime: StoreTime; readonly relay: RelayMark } | undefined {
  // Told apart by where its signs stand: what a match lists would be an object more for each message.
  if (!FORM.test(text)) return undefined;
  const first = text.indexOf(';');
  const token = Number(text.slice(0, first));
  if (!Number.isSafeInteger(token) || token < 1) return undefined;
  const second = first + 1 + TIME;
  const third = text.indexOf(';', second + 1);
  const fourth = text.indexOf(';', third + 1);
  const epoch = text.slice(fourth + 1);
  const floor = fourth > third + 1 ? text.slice(third + 1, fourth) : undefined;
  const time = third > second + 1 ? text.slice(second + 1, third) : undefined;
  return { storeTime: text.slice(first + 1, second), relay: markOf(epoch, token, floor, time) };
}

/** Live, all of it is there, and is written at one go: what is added to an object later has a list of its own. */
function markOf(epoch: string, token: number, floor?: StoreTime, time?: StoreTime): RelayMark {
  if (floor !== undefined && time !== undefined) return { epoch, token, floor, time };
  return { epoch, token, ...(floor !== undefined && { floor }), ...(time !== undefined && { time }) };
}
