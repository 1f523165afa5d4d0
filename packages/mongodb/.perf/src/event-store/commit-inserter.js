import { COLLECTIONS } from '../connection/collections.js';
import { DURABLE_COMMAND } from '../connection/durability.js';
import { replyOf, replyOfError } from './insert-reply.js';
/** How much longer than the server's own limit a reply is waited for: past it the connection is given up. */
const REPLY_GRACE_MS = 1_500;
/**
 * Sends commits in one unordered insert, durable at a majority. It goes as a plain command: the reply then tells the
 * operation's time without a session, and the driver neither wraps each document nor sends anything again by itself.
 */
export class CommitInserter {
    db;
    clock;
    constructor(db, clock) {
        this.db = db;
        this.clock = clock;
    }
    /** Never rejects; answers within the limit and a grace, whatever the network does. */
    async insert(documents, limitMs) {
        // The driver's own `timeoutMS` has no effect any more; without a signal a swallowed reply would be waited for for ever.
        const abort = new AbortController();
        const timer = setTimeout(() => abort.abort(new Error('The database did not answer in time.')), limitMs + REPLY_GRACE_MS);
        try {
            const command = {
                insert: COLLECTIONS.commits,
                documents,
                ordered: false,
                writeConcern: DURABLE_COMMAND,
                maxTimeMS: limitMs,
            };
            const reply = replyOf(await this.db.command(command, { signal: abort.signal }));
            this.clock.observe(reply.time);
            return reply;
        }
        catch (error) {
            return replyOfError(error);
        }
        finally {
            clearTimeout(timer);
        }
    }
}
