import type { FeedHeadroom } from '@nestfold/projections';

/** How much of the past the live feed still has. */
export class FeedDto {
  /** False where the store does not tell. */
  known!: boolean;
  /** How far back it goes. */
  seconds?: number;
  /** Nothing was forgotten yet: a short past means a young store only. */
  isWhole?: boolean;
  /** What catching up needs at least. */
  neededSeconds?: number;
  /** There is less than that: give the server a larger oplog. */
  isShort?: boolean;
}

/** A headroom as it is answered. */
export function feedDto(headroom: FeedHeadroom | undefined): FeedDto {
  if (headroom === undefined) return { known: false };
  const { seconds, isWhole, neededSeconds, isShort } = headroom;
  return { known: true, seconds, isWhole, neededSeconds, isShort };
}
