import { timestampOf } from '../connection/bson-mapping.js';
import { feedPipeline } from './change-document.js';
import { firstVisibleAt, timeOfToken } from './resume-token.js';
const AHEAD = 500;
const AHEAD_BYTES = 16 * 1024 * 1024;
/**
 * Reads one change stream, a little ahead of whoever takes from it. Errors are the driver's, after its own attempt to
 * resume, and come behind the changes that were read before.
 */
export class ChangeReader {
    maxAwaitTimeMS;
    now;
    stream;
    /** The first token: of the opening, or of the first change when the opening brought one. */
    opened;
    changes = [];
    bytes = 0;
    /** Behind everything that was taken. */
    position;
    /** Behind everything that has come, where the server looked further than that. */
    reached;
    failure;
    askedAt;
    closed = false;
    wake = () => undefined;
    makeRoom = () => undefined;
    constructor(db, collections, start, maxAwaitTimeMS, now) {
        this.maxAwaitTimeMS = maxAwaitTimeMS;
        this.now = now;
        const options = {
            ...('at' in start ? { startAtOperationTime: timestampOf(firstVisibleAt(start.at)) } : { resumeAfter: { _data: start.after.token } }),
            maxAwaitTimeMS,
            readConcern: { level: 'majority' },
            readPreference: 'primary',
        };
        this.stream = db.watch(feedPipeline(collections), options);
        if ('after' in start)
            this.position = start.after;
        this.opened = new Promise((resolve) => this.stream.once('resumeTokenChanged', (token) => resolve(tokenOf(token))));
        void this.pump();
    }
    /**
     * Takes what has come, at most `max`; where that is nothing waits for it, for the word that there is nothing, or until
     * `patience` settles.
     */
    async read(max, patience) {
        if (this.isQuiet()) {
            const news = new Promise((resolve) => (this.wake = resolve));
            await (patience ? Promise.race([news, patience]) : news);
        }
        // Before the stream is open there is no position to answer.
        if (this.isQuiet() && !this.position)
            await this.findOpening();
        const changes = this.take(max);
        if (changes.length === 0 && this.failure)
            throw this.failure.error;
        const last = changes.at(-1);
        if (last)
            this.position = positionAt(tokenOf(last._id));
        if (this.changes.length === 0 && this.reached) {
            this.position = this.reached;
            this.reached = undefined;
        }
        const owedMs = this.askedAt === undefined ? 0 : this.now() - this.askedAt - this.maxAwaitTimeMS;
        return { changes, position: this.position, silentMs: Math.max(0, owedMs) };
    }
    async close() {
        this.closed = true;
        this.makeRoom();
        await this.stream.close().catch(() => undefined);
    }
    isQuiet() {
        return this.changes.length === 0 && !this.reached && !this.failure;
    }
    async pump() {
        try {
            while (!this.closed) {
                if (this.changes.length >= AHEAD || this.bytes >= AHEAD_BYTES)
                    await new Promise((resolve) => (this.makeRoom = resolve));
                this.askedAt = this.now();
                const change = await this.stream.tryNext();
                this.askedAt = undefined;
                if (change)
                    this.keep(change);
                else
                    this.lookedFurther(tokenOf(this.stream.resumeToken));
            }
        }
        catch (error) {
            this.failure = { error };
            this.wake();
        }
    }
    keep(change) {
        this.reached = undefined;
        this.bytes += change.size ?? 0;
        // What the network brought at once is there within this turn of the event loop: it is taken as one batch.
        if (this.changes.push(change) === 1)
            setImmediate(() => this.wake());
    }
    lookedFurther(token) {
        this.reached = positionAt(token);
        this.wake();
    }
    take(max) {
        const taken = this.changes.length <= max ? this.changes : this.changes.slice(0, max);
        this.changes = taken === this.changes ? [] : this.changes.slice(max);
        for (const { size = 0 } of taken)
            this.bytes -= size;
        if (taken.length > 0)
            this.makeRoom();
        return taken;
    }
    /** A first token that came with a change is that change's: then the change is there within the same turn. */
    async findOpening() {
        const failed = new Promise((resolve) => (this.wake = resolve));
        const token = await Promise.race([this.opened, failed]);
        await new Promise((resolve) => setImmediate(resolve));
        if (token && this.isQuiet())
            this.position = positionAt(token);
    }
}
function tokenOf(token) {
    return token._data;
}
function positionAt(token) {
    return { token, time: timeOfToken(token) };
}
