import { AppendContention, StreamConflict, } from '@nestfold/core';
import { freshReceipt, isSameCommit, storedReceipt } from './commit-receipt.js';
import { placed } from './prepared-commit.js';
/** After so many lost races an append waits a little before the next one. */
const PATIENT_RACES = 3;
/** Brings a commit into its stream, by the rule of its expected version. */
export class CommitAppender {
    parts;
    constructor(parts) {
        this.parts = parts;
    }
    append(order) {
        const { expected, commit } = order;
        if (expected === 'noStream')
            return this.appendAs(order, commit);
        if (typeof expected !== 'string' && expected.kind === 'loaded')
            return this.appendBehind(order, expected.version);
        const { _id } = order.commit.document;
        return this.parts.turns.run(_id.s, order.deadline, (known) => this.appendAtEnd(order, known));
    }
    /** Behind a version from a load. In what was loaded only a keyed commit can be. */
    async appendBehind(order, version) {
        const repeated = version > 0 && order.commit.document.keyed ? await this.repetition(order) : undefined;
        return repeated ?? this.appendAs(order, placed(order.commit, version + 1));
    }
    /** At exactly this place, of which the key alone is the judge. */
    async appendAs(order, commit) {
        const outcome = await this.parts.group.send(commit, order.deadline);
        return this.receiptOf(order, commit, outcome) ?? this.conflict(order, outcome);
    }
    /**
     * Behind the end of the stream, wherever that is. From the first look on, what is new is searched for the commit itself;
     * what is older, only for a keyed one, and only after that look: in the other order a twin could slip in between.
     */
    async appendAtEnd(order, known) {
        const { reader, group, environment } = this.parts;
        const stream = order.commit.document._id.s;
        const stated = typeof order.expected === 'string' ? undefined : order.expected.version;
        // What a predecessor knew cannot prove that a stated version is wrong.
        const trusted = known !== undefined && (stated === undefined || stated === known);
        let end = trusted ? known : (await reader.endOf(stream)).version;
        const repeated = await this.repetition(order);
        if (repeated)
            return { result: repeated };
        for (let race = 1;; race += 1) {
            if ((stated !== undefined && stated !== end) || (order.expected === 'streamExists' && end === 0)) {
                throw new StreamConflict(stream, order.expected, end);
            }
            const commit = placed(order.commit, end + 1);
            const outcome = await group.send(commit, order.deadline);
            const receipt = this.receiptOf(order, commit, outcome);
            if (receipt)
                return { result: receipt, version: receipt.version };
            const { stubs, time } = await reader.since(stream, end);
            const own = stubs.find((stub) => isSameCommit(stub, commit.document));
            if (own)
                return { result: storedReceipt(own, commit.document, time, true) };
            const last = stubs.at(-1);
            if (last)
                end = last._id.v + last.n - 1;
            if (environment.now() >= order.deadline)
                throw new AppendContention(stream);
            if (race > PATIENT_RACES)
                await environment.sleep(environment.random() * Math.min(5 * race, 100));
        }
    }
    /** The receipt, where the commit is stored; `undefined` where another one holds its place. */
    receiptOf({ id }, { document }, outcome) {
        if (outcome.kind === 'stored')
            return freshReceipt({ document, id, time: outcome.time });
        // Stored by this very call, where an earlier sending of it may have been: then it is no repetition.
        if (isSameCommit(outcome.by, document))
            return storedReceipt(outcome.by, document, outcome.time, !outcome.resent);
        return undefined;
    }
    async conflict(order, outcome) {
        const repeated = await this.repetition(order);
        if (repeated)
            return repeated;
        const stream = order.commit.document._id.s;
        const end = outcome.kind === 'taken' ? outcome.end : undefined;
        throw new StreamConflict(stream, order.expected, end ?? (await this.parts.reader.endOf(stream)).version);
    }
    async repetition({ commit: { document } }) {
        if (document.keyed !== true)
            return undefined;
        const found = await this.parts.lookup.find(document._id.s, document.c);
        return found && storedReceipt(found.stub, document, found.time, true);
    }
}
