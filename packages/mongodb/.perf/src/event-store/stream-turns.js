import { AppendContention, StoreOverloaded } from '@nestfold/core';
/**
 * Lets one append after the other find the end of a stream: those of one process would only take each other's place. Who
 * has appended hands on the version at which the stream then ended, so the next one need not ask.
 */
export class StreamTurns {
    environment;
    limit;
    turns = new Map();
    waiting = 0;
    constructor(environment, 
    /** So many may wait for a turn, over all streams. */
    limit) {
        this.environment = environment;
        this.limit = limit;
    }
    /**
     * Runs `work` in its turn; it is given the version at which the stream ended for its predecessor, where there was one,
     * and answers where it ends now, where it knows. Throws `AppendContention` when the deadline passes first, `StoreOverloaded` when too many wait.
     */
    async run(stream, deadline, work) {
        const known = await this.enter(stream, deadline);
        let version;
        try {
            const done = await work(known);
            version = done.version;
            return done.result;
        }
        finally {
            this.handOn(stream, version);
        }
    }
    enter(stream, deadline) {
        const turn = this.turns.get(stream);
        if (!turn) {
            this.turns.set(stream, { waiting: [] });
            return undefined;
        }
        if (this.waiting >= this.limit) {
            throw new StoreOverloaded('Too many appends are waiting: nothing of this one is stored. Repeat it later.', {
                waiting: this.waiting,
            });
        }
        return this.wait(turn, stream, deadline);
    }
    async wait(turn, stream, deadline) {
        this.waiting += 1;
        const done = new AbortController();
        try {
            return await new Promise((resolve, reject) => {
                turn.waiting.push(resolve);
                void this.environment.sleep(Math.max(0, deadline - this.environment.now()), done.signal).then(() => {
                    const place = turn.waiting.indexOf(resolve);
                    if (place < 0)
                        return;
                    turn.waiting.splice(place, 1);
                    reject(new AppendContention(stream));
                });
            });
        }
        finally {
            this.waiting -= 1;
            done.abort();
        }
    }
    handOn(stream, version) {
        const next = this.turns.get(stream)?.waiting.shift();
        if (next)
            next(version);
        else
            this.turns.delete(stream);
    }
}
