import { timestampOf } from '../connection/bson-mapping.js';
import { feedPipeline } from './change-document.js';
import { firstVisibleAt, timeOfToken } from './resume-token.js';
const NOT_YET = Symbol('not yet');
const immediate = () => new Promise((resolve) => setImmediate(resolve, NOT_YET));
/** Reads one change stream in batches, as the network brings them. Errors are the driver's, after its own attempt to resume. */
export class ChangeReader {
    maxAwaitTimeMS;
    now;
    stream;
    /** The first token: of the opening, or of the first change when the opening brought one. */
    opened;
    pending;
    pendingSince = 0;
    position;
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
    }
    /**
     * Waits for changes as long as the server does, or until `patience` settles; then answers without changes. Answers at
     * once with what has come, so that nothing waits for a batch to fill.
     */
    async read(max, patience) {
        const pending = this.ask();
        if (patience) {
            const first = await Promise.race([pending, patience.then(() => NOT_YET)]);
            if (first === NOT_YET) {
                const position = await this.idlePosition(pending);
                const silentMs = Math.max(0, this.now() - this.pendingSince - this.maxAwaitTimeMS);
                if (position)
                    return { changes: [], position, silentMs };
            }
        }
        let change = await this.take();
        if (change === null) {
            this.position = positionAt(tokenOf(this.stream.resumeToken));
            return { changes: [], position: this.position, silentMs: 0 };
        }
        // Buffered changes come within the same turn of the event loop, those from the network in a later one.
        const turn = immediate();
        const changes = [];
        for (;;) {
            changes.push(change);
            if (changes.length >= max)
                break;
            if ((await Promise.race([this.ask(), turn])) === NOT_YET)
                break;
            const next = await this.take();
            if (next === null)
                break;
            change = next;
        }
        this.position = positionAt(tokenOf(change._id));
        return { changes, position: this.position, silentMs: 0 };
    }
    async close() {
        await this.stream.close().catch(() => undefined);
    }
    ask() {
        if (!this.pending) {
            this.pendingSince = this.now();
            this.pending = this.stream.tryNext();
            // Closing ends a pending read with an error that nobody awaits any more.
            this.pending.catch(() => undefined);
        }
        return this.pending;
    }
    take() {
        const pending = this.ask();
        this.pending = undefined;
        return pending;
    }
    /**
     * Where a reader stands whose read is still pending: what that read may bring counts as not delivered. Before the
     * stream is open there is no place. `undefined` when the read has ended meanwhile.
     */
    async idlePosition(pending) {
        if (this.position)
            return this.position;
        await Promise.race([pending, this.opened]);
        // A first token that came with a change is the token of what is not delivered: then the read ends in the same turn.
        if ((await Promise.race([pending, immediate()])) !== NOT_YET)
            return undefined;
        this.position = positionAt(await this.opened);
        return this.position;
    }
}
function tokenOf(token) {
    return token._data;
}
function positionAt(token) {
    return { token, time: timeOfToken(token) };
}
