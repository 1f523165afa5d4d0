import { FeedGap, lastVersionOf } from '@nestfold/core';
const STREAMS = 200_000;
/**
 * Proves that nothing is missing: within a stream, after version n comes n + 1. Remembers the streams that moved last;
 * of the others the first commit is taken on trust.
 */
export class DensityGuard {
    capacity;
    /** Two halves by age: the older one is forgotten whole, which costs less than keeping all streams in order. */
    recent = new Map();
    older = new Map();
    constructor(capacity = STREAMS) {
        this.capacity = capacity;
    }
    /** Throws `FeedGap` for a commit that does not follow the one before it, or comes again. */
    check(commit) {
        const { stream, firstVersion } = commit;
        const before = this.recent.get(stream) ?? this.older.get(stream);
        if (before !== undefined && firstVersion !== before + 1)
            throw new FeedGap(stream, before, firstVersion);
        this.recent.set(stream, lastVersionOf(commit));
        if (this.recent.size < this.capacity / 2)
            return;
        this.older = this.recent;
        this.recent = new Map();
    }
}
