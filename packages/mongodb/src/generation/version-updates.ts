import type { ProjectionVersion } from '@nestfold/core';
import type { Document, Filter } from 'mongodb';
import { entryKey, type EntryDocument } from './generation-document.js';

/** What an entry loses when its version is dropped: all but its key and the numbers that were used. */
export const DROPPED_FIELDS = {
  live: '',
  building: '',
  previous: '',
  swappedAt: '',
  swappedBy: '',
  namedAt: '',
  keepMs: '',
  paused: '',
  dropping: '',
} as const;

/** What a version that begins anew does not take over from the one that was being dropped. */
export const TAKEN_AWAY = {
  live: '',
  previous: '',
  swappedAt: '',
  swappedBy: '',
  paused: '',
  dropping: '',
  gone: '',
} as const;

/** The entries of these versions that are to be named again: by the server's clock, so that no two clocks are compared. */
export function unnamedFilter(versions: readonly ProjectionVersion[], keepMs: number): Filter<EntryDocument> {
  const due = { $lt: [{ $ifNull: ['$namedAt', new Date(0)] }, { $subtract: ['$$NOW', keepMs / 3] }] };
  return {
    _id: { $in: versions.map(entryKey) },
    dropping: { $exists: false },
    gone: { $exists: false },
    $expr: { $or: [due, { $lt: [{ $ifNull: ['$keepMs', 0] }, keepMs] }] },
  };
}

/** Names an entry now. */
export function namingUpdate(keepMs: number): Document[] {
  return [{ $set: { namedAt: '$$NOW', keepMs: { $literal: keepMs } } }];
}

/** The entries that nobody named in time; those of an older layout, never named at all, are kept. */
export function expiredFilter(keepMs: number): Filter<EntryDocument> {
  const keptUntil = { $add: ['$namedAt', { $ifNull: ['$keepMs', keepMs] }] };
  return {
    namedAt: { $exists: true },
    dropping: { $exists: false },
    $expr: { $lt: [keptUntil, '$$NOW'] },
  };
}
