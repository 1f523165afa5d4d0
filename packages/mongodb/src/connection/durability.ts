import { ReadPreference, WriteConcern } from 'mongodb';

/**
 * On disk at a majority before it is acknowledged. Without `j` a majority waits for the journal's own cycle: a hundred
 * milliseconds an append.
 */
export const DURABLE = new WriteConcern('majority', undefined, true);

/** The same inside a plain command. */
export const DURABLE_COMMAND = { w: 'majority', j: true } as const;

/**
 * What a decision or a follower may rest on: it will not be rolled back. Not a `ReadConcern`: the driver writes the time of a session into
 * the one that it is given, and all who share that one would wait for that time, readers of other clusters too.
 */
export const MAJORITY = { readConcern: { level: 'majority' }, readPreference: ReadPreference.primary } as const;
