import type { Checkpoint, FeedPosition, LastSeen, Position, StorePosition, TopicPosition } from '@nestfold/core';
import type { Timestamp } from 'mongodb';
import { storeTimeOf, timestampOf } from '../connection/bson-mapping.js';

/** A position as it is stored: times as the server's own type. */
export type PositionDocument = StorePositionDocument | TopicPositionDocument;

interface StorePositionDocument {
  readonly phase: StorePosition['phase'];
  readonly began: Timestamp;
  readonly horizon: Timestamp;
  readonly asOf?: Timestamp;
  readonly after?: Timestamp;
  readonly feed?: { readonly token: string; readonly time: Timestamp; readonly isInside?: true };
  readonly again?: Timestamp;
  readonly fill?: number;
}

interface TopicPositionDocument {
  readonly phase: 'topic';
  readonly next: Readonly<Record<string, number>>;
  readonly token: number;
  readonly epoch?: string;
  readonly clock?: Timestamp;
  readonly time?: Timestamp;
}

/** A checkpoint as it is stored. */
export interface CheckpointDocument {
  readonly _id: string;
  readonly token: number;
  readonly batch: string;
  readonly floor?: Timestamp;
  readonly position?: PositionDocument;
  readonly last?: { readonly s: string; readonly v: number; readonly ts: Timestamp };
  /** The last step of the registry (a swap, a failure) that rested on this checkpoint: written so that a claim and it cannot both succeed. */
  readonly swap?: string;
}

/** The stored form of a position. */
export function positionDocument(position: Position): PositionDocument {
  if (position.phase === 'topic') return topicDocument(position);
  const { phase, began, horizon, after, again, fill } = position;
  return {
    phase,
    began: timestampOf(began),
    horizon: timestampOf(horizon),
    ...(after !== undefined && { after: timestampOf(after) }),
    ...(position.phase === 'live' && position.asOf !== undefined && { asOf: timestampOf(position.asOf) }),
    ...(position.phase === 'live' &&
      position.feed && { feed: { ...position.feed, time: timestampOf(position.feed.time) } }),
    ...(again !== undefined && { again: timestampOf(again) }),
    ...(fill !== undefined && { fill }),
  };
}

/** The stored form of the last commit that was taken. */
export function lastDocument({ stream, version, time }: LastSeen): NonNullable<CheckpointDocument['last']> {
  return { s: stream, v: version, ts: timestampOf(time) };
}

/** The checkpoint that a document describes. */
export function checkpointOf({ _id, token, batch, floor, position, last }: CheckpointDocument): Checkpoint {
  return {
    key: _id,
    token,
    batch,
    ...(floor && { floor: storeTimeOf(floor) }),
    ...(position && { position: checkpointPosition(position) }),
    ...(last && { last: { stream: last.s, version: last.v, time: storeTimeOf(last.ts) } }),
  };
}

/** The position that a document describes. */
export function checkpointPosition(document: PositionDocument): Position {
  if (document.phase === 'topic') return topicPosition(document);
  const { phase, began, horizon, asOf, after, feed, again, fill } = document;
  const common = {
    began: storeTimeOf(began),
    horizon: storeTimeOf(horizon),
    ...(after && { after: storeTimeOf(after) }),
    ...(again && { again: storeTimeOf(again) }),
    ...(fill !== undefined && { fill }),
  };
  if (phase === 'history') return { phase, ...common };
  const place: FeedPosition | undefined = feed && { ...feed, time: storeTimeOf(feed.time) };
  return { phase, ...common, ...(asOf && { asOf: storeTimeOf(asOf) }), ...(place && { feed: place }) };
}

function topicDocument({ phase, next, token, epoch, clock, time }: TopicPosition): TopicPositionDocument {
  return {
    phase,
    next,
    token,
    ...(epoch !== undefined && { epoch }),
    ...(clock !== undefined && { clock: timestampOf(clock) }),
    ...(time !== undefined && { time: timestampOf(time) }),
  };
}

function topicPosition({ phase, next, token, epoch, clock, time }: TopicPositionDocument): TopicPosition {
  return {
    phase,
    next,
    token,
    ...(epoch !== undefined && { epoch }),
    ...(clock && { clock: storeTimeOf(clock) }),
    ...(time && { time: storeTimeOf(time) }),
  };
}
