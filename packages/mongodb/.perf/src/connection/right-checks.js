import { ConfigurationError } from '@nestfold/core';
import { MongoServerError } from 'mongodb';
const UNAUTHORIZED = 13;
/** What the store does in its database. */
const NEEDED_ACTIONS = [
    'find',
    'insert',
    'update',
    'remove',
    'createCollection',
    'createIndex',
    'changeStream',
    'dropCollection',
    'listCollections',
];
/** Which rights the user lacks, with the remedy; `undefined` when nothing is missing, or access control is off. */
export async function rightsProblem(db) {
    const { authInfo } = (await db.command({ connectionStatus: 1, showPrivileges: true }));
    // Nobody is logged in: access control is off, or the first command that needs a right will say so.
    if (authInfo.authenticatedUsers.length === 0)
        return undefined;
    const granted = new Set(authInfo.authenticatedUserPrivileges
        .filter((one) => covers(one, db.databaseName))
        .flatMap(({ actions }) => actions));
    const missing = NEEDED_ACTIONS.filter((action) => !granted.has(action));
    if (missing.length === 0)
        return undefined;
    return `The database user may not ${missing.join(', ')} in '${db.databaseName}'. ${remedy(db)}`;
}
/** Turns a refusal for want of rights into a `ConfigurationError` that says what to grant. */
export async function explainingRights(db, work) {
    try {
        return await work();
    }
    catch (error) {
        if (!(error instanceof MongoServerError) || error.code !== UNAUTHORIZED)
            throw error;
        throw new ConfigurationError(`The database user lacks a right (${error.message}). ${remedy(db)}`, {}, { cause: error });
    }
}
/** Rights on single collections do not count: the names of read models are not known beforehand. */
function covers({ resource: { db, collection, anyResource } }, name) {
    return anyResource === true || ((db === name || db === '') && collection === '');
}
function remedy({ databaseName }) {
    return `Grant it the role 'readWrite' there: db.grantRolesToUser('<user>', [{ role: 'readWrite', db: '${databaseName}' }]).`;
}
