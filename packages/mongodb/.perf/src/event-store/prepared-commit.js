import { CommitTooLarge, InvalidEvent, isUuid, sliceOf, } from '@nestfold/core';
import { BSON } from 'mongodb';
import { uuidBinary } from '../connection/bson-mapping.js';
import { encodePayload } from '../connection/payload-encoding.js';
import { SERVER_FILLED } from './commit-document.js';
import { encodeMetadata } from './metadata-encoding.js';
/** A larger one would not fit into a change event of 16 MB with room to spare. */
export const MAX_COMMIT_BYTES = 8 * 1024 * 1024;
/** Everything but events, metadata and the stream's name. */
const FRAME_BYTES = 256;
/** Prepares an append. Throws `InvalidEvent` and `CommitTooLarge`; neither is to be repeated. */
export function prepareCommit(append, events, now) {
    const { stream, commitId, keyed, bodyHash } = append;
    checkNames(append, events);
    const recordedAt = moment(append.recordedAt, 'recordedAt', stream) ?? new Date(now);
    const occurredAt = moment(append.occurredAt, 'occurredAt', stream);
    let bytes = FRAME_BYTES + 3 * stream.length;
    let decimals = false;
    const e = [];
    for (const { type, schema, data } of events) {
        const payload = encodePayload(type, data);
        bytes += payload.bytes + 3 * type.length + 50;
        decimals ||= payload.decimals;
        e.push({ t: type, k: schema, d: payload.data });
    }
    const m = encodeMetadata(append.metadata);
    bytes += m.bytes;
    // Built field by field: spreads of what is mostly absent would cost more than the rest of this function.
    const document = {
        _id: { s: stream, v: 1 },
        n: events.length,
        ts: SERVER_FILLED,
        at: recordedAt,
        h: sliceOf(stream),
        c: uuidBinary(commitId),
        e,
        m: m.document,
    };
    if (occurredAt !== undefined && occurredAt.getTime() !== recordedAt.getTime())
        document.o = occurredAt;
    if (keyed === true)
        document.keyed = true;
    if (bodyHash !== undefined)
        document.b = bodyHash;
    if (decimals)
        document.x = true;
    return { document, bytes: bytes > MAX_COMMIT_BYTES ? measured(document) : bytes };
}
/** The same commit at another place of its stream. */
export function placed({ document, bytes }, version) {
    return { document: { ...document, _id: { s: document._id.s, v: version } }, bytes };
}
function checkNames({ stream, commitId, bodyHash, events: given }, events) {
    const refuse = (reason) => {
        throw new InvalidEvent(`An append to '${stream}' ${reason}.`, { stream });
    };
    if (typeof stream !== 'string' || stream === '')
        refuse('has no stream');
    if (events.length === 0)
        refuse('has no events');
    if (events.length !== given.length)
        refuse(`got ${events.length} events from its codec for ${given.length}`);
    if (typeof commitId !== 'string' || !isUuid(commitId))
        refuse('has a commit id that is no UUID');
    if (bodyHash !== undefined && typeof bodyHash !== 'string')
        refuse('has a hash of its body that is no text');
    for (const { type, schema } of events) {
        if (typeof type !== 'string' || type === '')
            refuse('has an event without type');
        if (!Number.isSafeInteger(schema))
            refuse(`has an event '${type}' whose schema is no whole number`);
    }
}
function moment(date, name, stream) {
    if (date === undefined)
        return undefined;
    if (Number.isNaN(date.getTime()))
        throw new InvalidEvent(`An append to '${stream}' has an invalid date as '${name}'.`, { stream });
    return new Date(date);
}
/** The estimate errs to the safe side, so near the limit the commit is measured. */
function measured(document) {
    const bytes = BSON.calculateObjectSize(document);
    if (bytes > MAX_COMMIT_BYTES)
        throw new CommitTooLarge(document._id.s, bytes, MAX_COMMIT_BYTES);
    return bytes;
}
