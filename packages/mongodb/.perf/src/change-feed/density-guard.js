import { FeedGap, lastVersionOf } from '@nestfold/core';
const STREAMS = 200_000;
/**
 * Proves that nothing is missing: within a stream, after version n comes n + 1. Remembers the streams that moved last;
 * of the others the first commit is taken on trust.
 */
export class DensityGuard {
    capacity;
    /** In the order of their last commit. */
    versions = new Map();
    constructor(capacity = STREAMS) {
        this.capacity = capacity;
    }
    /** Throws `FeedGap` for a commit that does not follow the one before it, or comes again. */
    check(commit) {
        const { stream, firstVersion } = commit;
        const before = this.versions.get(stream);
        if (before !== undefined) {
            if (firstVersion !== before + 1)
                throw new FeedGap(stream, before, firstVersion);
            this.versions.delete(stream);
        }
        else if (this.versions.size >= this.capacity) {
            const oldest = this.versions.keys().next();
            if (!oldest.done)
                this.versions.delete(oldest.value);
        }
        this.versions.set(stream, lastVersionOf(commit));
    }
}
