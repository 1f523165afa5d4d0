import { BSON, MongoAPIError, MongoServerError, MongoWriteConcernError } from 'mongodb';
import { storeTimeOf } from '../connection/bson-mapping.js';
const DUPLICATE_KEY = 11_000;
/** Refusals of rights, shape or size, before anything was done. Any other code leaves open what was. */
const REFUSALS = new Set([
    2, 9, 13, 14, 18, 20, 22, 26, 73, 121, 166, 10_334, 17_280, 17_419, 17_420,
]);
/** Reads the server's answer to an insert. */
export function replyOf(answer) {
    const time = storeTimeOf(answer['operationTime']);
    const errors = answer['writeErrors'];
    return errors === undefined ? { time } : { time, faults: faultsOf(errors) };
}
/** Reads what an insert threw. */
export function replyOfError(error) {
    if (error instanceof MongoWriteConcernError) {
        // A reply may hold both: the error's own fields then speak of durability only, and what was refused stands in the reply.
        const errors = (error.result['writeErrors'] ?? []);
        return { others: { kind: 'unsure', cause: error }, faults: faultsOf(errors) };
    }
    const refused = error instanceof MongoServerError ? REFUSALS.has(error.code) : refusedHere(error);
    return { others: { kind: refused ? 'refused' : 'unsure', cause: error } };
}
/** The fault of one document; `undefined` when it is stored. */
export function faultAt(reply, index) {
    return reply.faults?.get(index) ?? reply.others;
}
function faultsOf(errors) {
    return new Map(errors.map((error) => [error.index, faultOf(error)]));
}
function faultOf(cause) {
    if (cause.code === DUPLICATE_KEY)
        return { kind: 'taken' };
    return { kind: REFUSALS.has(cause.code) ? 'refused' : 'unsure', cause };
}
/**
 * What the driver could not even send. All else leaves open what the server did: the driver lets through plain socket errors
 * (EPIPE right after a primary was killed), which are none of its own classes.
 */
function refusedHere(error) {
    return error instanceof BSON.BSONError || error instanceof MongoAPIError || error instanceof RangeError;
}
