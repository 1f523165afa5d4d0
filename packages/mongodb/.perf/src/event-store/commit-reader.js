import { loadedVersion } from '@nestfold/core';
import { MAJORITY } from '../connection/durability.js';
import { orUnavailable } from '../transaction/failure.js';
import { lastVersion, STUB_FIELDS } from './commit-document.js';
import { decodeCommits } from './decode-commits.js';
/** One reply takes as many commits as fit into it, not the driver's first hundred. */
const PAGE = 10_000;
/**
 * Reads streams where it feeds decisions: at the primary, what a majority holds, and not older than anything that this
 * process has seen. Throws `StoreUnavailable`.
 */
export class CommitReader {
    commits;
    clock;
    codec;
    constructor(commits, clock, codec) {
        this.commits = commits;
        this.clock = clock;
        this.codec = codec;
    }
    /** A range of the key: the planner's bounds are exact, nothing else is examined. */
    async read(stream, range) {
        const { fromVersion = 1, until, limit } = range;
        const documents = await this.see(`Reading '${stream}'`, async (seen) => {
            // The version asked for may stand inside of a commit that begins before it.
            const first = fromVersion > 1 ? await this.beginning(stream, fromVersion, seen) : 1;
            if (limit !== undefined && limit <= 0)
                return [];
            const filter = { ...keyRange(stream, first, range.toVersion), ...occurredUntil(until) };
            const found = this.commits.find(filter, { ...MAJORITY, ...seen, sort: { _id: 1 }, batchSize: PAGE });
            if (limit !== undefined)
                found.limit(limit);
            return found.toArray();
        });
        const commits = await decodeCommits(documents, this.codec);
        const last = documents.at(-1);
        return { stream, commits, version: loadedVersion(last ? lastVersion(last) : 0) };
    }
    async head(stream) {
        const document = await this.see(`Reading '${stream}'`, (seen) => this.commits.findOne(keyRange(stream, 1), { ...MAJORITY, ...seen, sort: { _id: -1 } }));
        return document ? (await decodeCommits([document], this.codec))[0] : undefined;
    }
    async findKeyed(stream, id) {
        const document = await this.see(`Reading '${stream}'`, (seen) => this.commits.findOne({ c: id, keyed: true, '_id.s': stream }, { ...MAJORITY, ...seen }));
        return document ? (await decodeCommits([document], this.codec))[0] : undefined;
    }
    /** Where a stream ends. */
    async endOf(stream) {
        const { value, time } = await this.clocked(`Reading '${stream}'`, (seen) => this.commits.findOne(keyRange(stream, 1), {
            ...MAJORITY,
            ...seen,
            sort: { _id: -1 },
            projection: { n: 1 },
        }));
        return { version: value ? lastVersion(value) : 0, time };
    }
    /** The commits that begin after a version, in order, without their events. */
    async since(stream, version) {
        const { value, time } = await this.clocked(`Reading '${stream}'`, (seen) => this.commits
            .find(keyRange(stream, version + 1), {
            ...MAJORITY,
            ...seen,
            sort: { _id: 1 },
            projection: STUB_FIELDS,
            batchSize: PAGE,
        })
            .toArray());
        return { stubs: value, time };
    }
    async holdersOf(places) {
        const keys = places.map(({ _id: { s, v } }) => ({ s, v }));
        const { value, time } = await this.clocked('Looking for stored commits', (seen) => this.commits
            .find({ _id: { $in: keys } }, { ...MAJORITY, ...seen, projection: STUB_FIELDS, batchSize: PAGE })
            .toArray());
        const byStream = new Map(value.map((stub) => [`${stub._id.v} ${stub._id.s}`, stub]));
        return { holders: keys.map(({ s, v }) => byStream.get(`${v} ${s}`)), time };
    }
    /** Keyed commits with these ids, of any stream. */
    async keyed(ids) {
        const { value, time } = await this.clocked('Looking for commands', (seen) => this.commits
            .find({ c: { $in: [...ids] }, keyed: true }, { ...MAJORITY, ...seen, projection: STUB_FIELDS, batchSize: PAGE })
            .toArray());
        return { stubs: value, time };
    }
    /** Where the commit begins that holds a version, or the version itself. */
    async beginning(stream, version, seen) {
        const before = await this.commits.findOne(keyRange(stream, 1, version), {
            ...MAJORITY,
            ...seen,
            sort: { _id: -1 },
            projection: { n: 1 },
        });
        return before && lastVersion(before) >= version ? before._id.v : version;
    }
    async see(what, work) {
        return (await this.clocked(what, work)).value;
    }
    clocked(what, work) {
        return orUnavailable(what, () => this.clock.read(work));
    }
}
function keyRange(stream, from, to = Number.POSITIVE_INFINITY) {
    return { _id: { $gte: { s: stream, v: from }, $lte: { s: stream, v: to } } };
}
function occurredUntil(until) {
    return until === undefined ? {} : { $or: [{ o: { $lte: until } }, { o: { $exists: false }, at: { $lte: until } }] };
}
