import { AppendOutcomeUnknown, StoreOverloaded } from '@nestfold/core';
/** A commit on its way, and its caller. */
export class PendingCommit {
    deadline;
    resolve;
    reject;
    document;
    bytes;
    /** Whether it has left this process once. */
    sent = false;
    /** Whether an earlier sending of it may have stored it. */
    unsure = false;
    /** How often it was sent again. */
    resends = 0;
    /** Whether its caller has been answered. */
    answered = false;
    /** Its neighbours among all that have no outcome yet; the queue's. */
    previous;
    next;
    cause;
    constructor({ document, bytes }, 
    /** When the caller stops waiting, by the environment's clock. */
    deadline, resolve, reject) {
        this.deadline = deadline;
        this.resolve = resolve;
        this.reject = reject;
        this.document = document;
        this.bytes = bytes;
    }
    get stream() {
        return this.document._id.s;
    }
    settle(outcome) {
        this.answered = true;
        this.resolve(outcome);
    }
    fail(error) {
        this.answered = true;
        this.reject(error);
    }
    /** Notes that nobody knows yet what became of it. */
    doubt(cause) {
        this.unsure = true;
        this.cause = cause;
    }
    /** Tells the caller that the wait is over: what never left is surely not stored. */
    giveUp() {
        if (this.sent)
            this.fail(new AppendOutcomeUnknown(this.stream, { cause: this.cause }));
        else
            this.fail(new StoreOverloaded('The append could not be sent in time: nothing of it is stored. Repeat it later.'));
    }
}
