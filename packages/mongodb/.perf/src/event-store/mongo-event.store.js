import { plainEventData, UnsupportedCapability, } from '@nestfold/core';
import { uuidBinary } from '../connection/bson-mapping.js';
import { prepareCommit } from './prepared-commit.js';
const DEFAULT_TIMEOUT_MS = 10_000;
/**
 * The log on MongoDB: one document a commit, so that one insert is one atomic append. Appends to several streams, streams only read, claims
 * and in-line writes are refused as unsupported.
 */
export class MongoEventStore {
    parts;
    capabilities = new Set();
    constructor(parts) {
        this.parts = parts;
    }
    async append(streams, options) {
        const [append] = streams;
        if (append === undefined)
            return [];
        if (streams.length > 1)
            throw new UnsupportedCapability('several-streams', 'mongodb');
        if (options)
            refuseUnsupported(options);
        const { environment, codec, appender, group } = this.parts;
        group.insistOpen();
        const now = environment.now();
        const deadline = now + (options?.timeoutMs ?? DEFAULT_TIMEOUT_MS);
        let events = append.events;
        if (codec && events.length > 0)
            events = await codec.encode(append.events.map((event) => ({ stream: append.stream, event: plain(event) })));
        const commit = prepareCommit(append, events, now);
        return [await appender.append({ id: append.commitId, commit, expected: append.expected, deadline })];
    }
    read(stream, range = {}) {
        return this.parts.reader.read(stream, range);
    }
    head(stream) {
        return this.parts.reader.head(stream);
    }
    async findKeyed(stream, commitId) {
        return this.parts.reader.findKeyed(stream, uuidBinary(commitId));
    }
    epoch() {
        return this.parts.epoch();
    }
    /** Takes nothing more and waits for appends on their way, at most so long. */
    close(limitMs) {
        return this.parts.group.close(limitMs);
    }
}
/** What a codec gets is as fit for storage as what it answers must be. */
function plain({ type, schema, data }) {
    return { type, schema, data: plainEventData(type, data) };
}
function refuseUnsupported({ unchanged, claims, writes }) {
    if (unchanged && unchanged.length > 0)
        throw new UnsupportedCapability('unchanged', 'mongodb');
    if (claims && claims.length > 0)
        throw new UnsupportedCapability('claims', 'mongodb');
    if (writes && writes.length > 0)
        throw new UnsupportedCapability('writes', 'mongodb');
}
