import { minusSeconds, type ChangeFeed, type Commit, type StreamName } from '@nestfold/core';
import type { Rig } from './read-side.rig.js';

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How a commit is named in a comparison. */
export function placeOf({ stream, firstVersion }: Commit): string {
  return `${stream}:${firstVersion}`;
}

/** What is written, and how. */
export interface Writing {
  readonly writers: number;
  readonly streamsEach: number;
  /** The share of appends whose transaction is held open, and how long. */
  readonly heldShare: number;
  readonly heldMs: readonly [number, number];
  readonly pauseMs: number;
}

/** Writes until `done`; answers when everything is committed. Each writer has streams of its own, so that versions are dense. */
export async function writeUntil(
  done: () => boolean,
  rig: Rig,
  { writers, streamsEach, heldShare, heldMs, pauseMs }: Writing,
): Promise<void> {
  const writer = async (number: number): Promise<void> => {
    const versions = new Map<StreamName, number>();
    const busy = new Set<StreamName>();
    const held: Promise<void>[] = [];
    while (!done()) {
      await pause(pauseMs * Math.random() * 2);
      const stream = `writer${number}-${Math.floor(Math.random() * streamsEach)}`;
      if (busy.has(stream)) continue;
      const version = (versions.get(stream) ?? 0) + 1;
      versions.set(stream, version);
      if (Math.random() >= heldShare) {
        await rig.append(stream, version);
        continue;
      }
      busy.add(stream);
      held.push(
        appendHeld(rig, stream, version, heldMs[0] + Math.random() * (heldMs[1] - heldMs[0])).finally(() =>
          busy.delete(stream),
        ),
      );
    }
    await Promise.all(held);
  };
  await Promise.all(Array.from({ length: writers }, (_, number) => writer(number)));
}

/** An append whose time lies well before the moment at which it becomes visible. */
async function appendHeld(rig: Rig, stream: StreamName, version: number, milliseconds: number): Promise<void> {
  const session = rig.context.client.startSession();
  try {
    session.startTransaction({ writeConcern: { w: 'majority', j: true } });
    await rig.append(stream, version, { session });
    await pause(milliseconds);
    await session.commitTransaction();
  } finally {
    await session.endSession();
  }
}

/**
 * Catches up as an engine does: history up to the horizon, then the live feed from it, without what history had. Reconnects now
 * and then. Goes on until `done` and until the feed has passed that moment.
 */
export async function catchUp(feed: ChangeFeed, done: () => boolean, reconnectShare = 0): Promise<Commit[]> {
  const taken: Commit[] = [];
  const began = await feed.now();
  const horizon = minusSeconds(began, feed.horizonSeconds);
  for await (const commits of feed.history({ before: horizon, asOf: began })) taken.push(...commits);
  let subscription = feed.subscribe({ at: horizon });
  let end: string | undefined;
  try {
    for (;;) {
      if (done()) end ??= await feed.now();
      const { commits, position } = await subscription.next({ max: 100, waitMs: 100 });
      for (const { commit, visibleAt } of commits) {
        if (!(commit.time < horizon && visibleAt <= began)) taken.push(commit);
      }
      if (end !== undefined && position.time >= end) return taken;
      if (Math.random() >= reconnectShare) continue;
      await subscription.close();
      subscription = feed.subscribe({ after: position });
    }
  } finally {
    await subscription.close();
  }
}
