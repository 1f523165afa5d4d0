import { ReadConcern, ReadPreference, WriteConcern } from 'mongodb';
/**
 * On disk at a majority before it is acknowledged. Without `j` a majority waits for the journal's own cycle: a hundred
 * milliseconds an append.
 */
export const DURABLE = new WriteConcern('majority', undefined, true);
/** The same inside a plain command. */
export const DURABLE_COMMAND = { w: 'majority', j: true };
/** What a decision or a follower may rest on: it will not be rolled back, and is no older than what was acknowledged. */
export const MAJORITY = { readConcern: new ReadConcern('majority'), readPreference: ReadPreference.primary };
