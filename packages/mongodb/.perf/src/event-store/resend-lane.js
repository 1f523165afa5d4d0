/** At most so many inserts at once: as many as the pool for uncertain commits has connections. */
export const RESENDS_AT_ONCE = 8;
/** A part that blocks is soon divided; a commit that is alone may wait longer. */
const PART_LIMIT_MS = 250;
const ALONE_LIMIT_MS = 1_000;
/** Of 500 commits the one that blocks is alone after three rounds. */
const DIVIDE_BY = 8;
const PAUSES_MS = [0, 10, 50, 100, 250, 500];
/**
 * Sends commits of unknown outcome again, the same documents, until each is inserted or its place is taken: a read cannot
 * tell, since what a majority does not see yet may come to be there. What stays unknown is divided, so that a stream
 * that blocks is soon alone, and no other waits for it.
 */
export class ResendLane {
    environment;
    inserter;
    route;
    leave;
    parts = [];
    running = 0;
    closed = false;
    /** `route` gets each reply and adds what is still unknown; `leave` gets commits whose callers do not wait any more. */
    constructor(environment, inserter, route, leave) {
        this.environment = environment;
        this.inserter = inserter;
        this.route = route;
        this.leave = leave;
    }
    add(commits) {
        const size = Math.ceil(commits.length / DIVIDE_BY);
        for (let first = 0; first < commits.length; first += size) {
            const part = commits.slice(first, first + size);
            this.parts.push({ commits: part, attempt: Math.max(...part.map((commit) => commit.resends)) });
        }
        this.pump();
    }
    /** Sends nothing more. */
    close() {
        this.closed = true;
        this.parts.length = 0;
    }
    pump() {
        while (this.running < RESENDS_AT_ONCE && !this.closed) {
            const part = this.parts.shift();
            if (!part)
                return;
            this.running += 1;
            void this.send(part).finally(() => {
                this.running -= 1;
                this.pump();
            });
        }
    }
    async send({ commits, attempt }) {
        const pause = PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 0;
        if (pause > 0)
            await this.environment.sleep(pause * (0.5 + this.environment.random() / 2));
        const waited = commits.filter((commit) => !commit.answered);
        for (const commit of commits)
            if (commit.answered)
                this.leave(commit);
        if (waited.length === 0 || this.closed)
            return;
        for (const commit of waited)
            commit.resends += 1;
        const documents = waited.map(({ document }) => document);
        this.route(waited, await this.inserter.insert(documents, waited.length === 1 ? ALONE_LIMIT_MS : PART_LIMIT_MS));
    }
}
