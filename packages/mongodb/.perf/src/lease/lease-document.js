/** The lease that a document describes; `undefined` for a free one. */
export function leaseOf({ _id, owner, token, until }) {
    return owner === undefined ? undefined : { key: _id, owner, token, until };
}
