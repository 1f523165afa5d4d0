import type { LeaseRequest, ReleaseOptions } from '@nestfold/core';
import type { Binary, Document } from 'mongodb';

const ORPHANS_KEPT = 8;

/** The server's clock plus so many milliseconds; it stands still from the start of the operation. */
const inFuture = (ttlMs: number): Document => ({ $add: ['$$NOW', ttlMs] });

/** Values in a pipeline are expressions: a text that begins with `$` would be one. */
const literal = (value: unknown): Document => ({ $literal: value });

/** The orphans, and the session that stands in the lease. */
const WITH_SESSION: Document = {
  $slice: [{ $concatArrays: [{ $ifNull: ['$orphans', []] }, [{ session: '$session', user: '$user' }]] }, -ORPHANS_KEPT],
};

/**
 * The update that takes a lease when it is free, expired, one's own, or taken by force, and changes nothing otherwise. It goes
 * with a filter on `_id` alone, so that it can insert, and is judged by the owner in the answer.
 */
export function acquiringUpdate(
  { owner, ttlMs, session, force, knows }: LeaseRequest,
  user: Binary | undefined,
): Document[] {
  const free = force
    ? literal(true)
    : {
        $and: [
          { $or: [{ $lte: [{ $ifNull: ['$until', '$$NOW'] }, '$$NOW'] }, { $eq: ['$owner', literal(owner)] }] },
          knows === undefined || { $in: [{ $ifNull: ['$needs', null] }, literal([null, ...knows])] },
        ],
      };
  const former = {
    $and: [{ $ne: [{ $type: '$session' }, 'missing'] }, { $ne: ['$session', literal(session ?? null)] }],
  };
  const taken = (value: unknown, field: string): Document => ({ $cond: ['$free', value, field] });
  return [
    { $set: { free } },
    {
      $set: {
        owner: taken(literal(owner), '$owner'),
        token: taken({ $add: [{ $ifNull: ['$token', 0] }, 1] }, '$token'),
        until: taken(inFuture(ttlMs), '$until'),
        session: taken(session === undefined ? '$$REMOVE' : literal(session), '$session'),
        user: taken(session === undefined || user === undefined ? '$$REMOVE' : literal(user), '$user'),
        needs: taken('$$REMOVE', '$needs'),
        // What a former owner may have left open; kept until somebody has ended it, also over several takers that died.
        orphans: { $cond: [{ $and: ['$free', former] }, WITH_SESSION, '$orphans'] },
      },
    },
    { $unset: 'free' },
  ];
}

/**
 * The update that frees a held lease; a session in which something is still open stays named, for the next owner to end. With a need the owner stays named
 * too: by that the lease is listed as one that waits for somebody.
 */
export function releasingUpdate({ sessionOpen = false, needs }: ReleaseOptions): Document[] {
  const named = { $and: [literal(sessionOpen), { $ne: [{ $type: '$session' }, 'missing'] }] };
  return [
    {
      $set: {
        until: new Date(0),
        orphans: { $cond: [named, WITH_SESSION, '$orphans'] },
        ...(needs !== undefined && { needs: literal(needs) }),
      },
    },
    { $unset: [...(needs === undefined ? ['owner'] : []), 'session', 'user'] },
  ];
}

/** The update that gives a held lease a new time. */
export function renewingUpdate(ttlMs: number): Document[] {
  return [{ $set: { until: inFuture(ttlMs) } }];
}
