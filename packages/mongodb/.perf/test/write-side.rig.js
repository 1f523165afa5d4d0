import { silentLogger, systemEnvironment, } from '@nestfold/core';
import { mongo } from '../src/connection/mongo.adapter.js';
import { sampleAppend } from './sample-commit.js';
/** Connects to a store as a process of its own would. */
export function connectStore(uri, database, client = {}) {
    return mongo({ uri, database, client }).connect({ environment: systemEnvironment, logger: silentLogger });
}
/** Appends one commit, with a limit of its own where one is given. */
export async function append(store, stream, expected, more = {}, timeoutMs) {
    const [receipt] = await store.events.append([sampleAppend(stream, expected, more)], timeoutMs === undefined ? {} : { timeoutMs });
    return receipt;
}
