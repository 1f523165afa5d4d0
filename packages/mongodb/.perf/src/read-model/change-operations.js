import { toBson } from '../connection/bson-mapping.js';
/** What is freed comes first, so that a value of a unique index can pass from one document to another in a batch. */
const ORDER = ['remove', 'update', 'replace', 'insert'];
/** The statements of an ordered bulk write that make the changes: few commands, since those of a kind stand together. */
export function operationsOf(changes) {
    return ORDER.flatMap((kind) => changes.flatMap((change) => change.kind === kind ? statementsOf(change).map((operation) => ({ id: change.id, kind, operation })) : []));
}
/** The update that sets fields; `undefined` removes one. */
export function settingUpdate(set, unset = []) {
    const kept = Object.entries(set).filter(([, value]) => value !== undefined);
    const removed = [...unset, ...Object.keys(set).filter((path) => set[path] === undefined)];
    return {
        ...(kept.length > 0 && { $set: toBson(Object.fromEntries(kept)) }),
        ...(removed.length > 0 && { $unset: Object.fromEntries(removed.map((path) => [path, ''])) }),
    };
}
function statementsOf(change) {
    const filter = { _id: change.id };
    switch (change.kind) {
        case 'insert':
            return [{ insertOne: { document: ownDocument(change.document, change.id) } }];
        case 'replace':
            return [{ replaceOne: { filter, replacement: ownDocument(change.document, change.id) } }];
        case 'remove':
            return [{ deleteOne: { filter } }];
        case 'update':
            return updatesOf(change, filter);
    }
}
/** With an initial document two statements, of which the first inserts it if nothing is there and else does nothing: no read is needed. */
function updatesOf({ initial, set = {}, unset, increment = {}, push = {} }, filter) {
    const update = {
        ...settingUpdate(set, unset),
        ...(Object.keys(increment).length > 0 && { $inc: toBson(increment) }),
        ...(Object.keys(push).length > 0 && { $push: toBson(mapValues(push, (items) => ({ $each: items }))) }),
    };
    const statements = [];
    if (initial) {
        const { _id, ...fields } = initial;
        statements.push({ updateOne: { filter, update: { $setOnInsert: toBson(fields) }, upsert: true } });
    }
    if (Object.keys(update).length > 0)
        statements.push({ updateOne: { filter, update } });
    return statements;
}
function ownDocument(document, id) {
    return toBson({ ...document, _id: id });
}
function mapValues(record, map) {
    return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
