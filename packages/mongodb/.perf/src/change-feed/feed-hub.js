import { StoreUnavailable } from '@nestfold/core';
import { SharedStream } from './shared-stream.js';
/** Keeps the shared stream, which begins with the first user and ends with the last. Throws `StoreUnavailable` once it is closed. */
export class FeedHub {
    source;
    isNotice;
    stream;
    users = 0;
    closed = false;
    listeners = new Set();
    constructor(source, isNotice) {
        this.source = source;
        this.isNotice = isNotice;
    }
    /** Whether the shared stream is open, so that notices come at once. */
    get alive() {
        return this.stream !== undefined && this.stream.downForMs() === 0;
    }
    enter() {
        this.users += 1;
    }
    async leave() {
        this.users -= 1;
        if (this.users > 0)
            return;
        const last = this.stream;
        this.stream = undefined;
        await last?.stop();
    }
    /** The stream of all users; where there is none that works, one that begins at `start`, or now. */
    shared(start) {
        if (this.closed)
            throw new StoreUnavailable('The store is closed.');
        if (!this.stream || this.stream.failure) {
            this.stream = new SharedStream(this.source, start, (batch) => this.noticed(batch));
        }
        return this.stream;
    }
    /** Calls back when a collection of notices changed, or may have while the stream was down. Answers how to stop. */
    onNotice(listener) {
        this.listeners.add(listener);
        this.enter();
        this.shared();
        return () => {
            if (this.listeners.delete(listener))
                void this.leave();
        };
    }
    /** Opens the shared stream again if it has ended for good and somebody listens. */
    revive() {
        if (!this.closed && this.listeners.size > 0)
            this.shared();
    }
    /** Ends the shared stream, whoever still uses it. */
    async close() {
        this.closed = true;
        const last = this.stream;
        this.stream = undefined;
        await last?.stop();
    }
    noticed(batch) {
        if (batch && !batch.changes.some(this.isNotice))
            return;
        for (const listener of [...this.listeners])
            listener();
    }
}
