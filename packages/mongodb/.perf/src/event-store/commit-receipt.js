import { CommandKeyReused } from '@nestfold/core';
import { uuidText } from '../connection/bson-mapping.js';
import { lastVersion } from './commit-document.js';
/** Whether two documents are the same commit. */
export function isSameCommit(one, other) {
    const [a, b] = [one.c.buffer, other.c.buffer];
    for (let index = 0; index < 16; index += 1)
        if (a[index] !== b[index])
            return false;
    return true;
}
/** The receipt of a commit that has just been stored. */
export function freshReceipt({ document, id, time, }) {
    return {
        stream: document._id.s,
        firstVersion: document._id.v,
        version: lastVersion(document),
        commitId: id,
        time,
        repeated: false,
    };
}
/** The receipt of what is stored under the id of what was sent. Throws `CommandKeyReused` when another body stands behind it. */
export function storedReceipt(stub, sent, time, repeated) {
    const { s: stream, v: firstVersion } = stub._id;
    if (stub.b !== sent.b)
        throw new CommandKeyReused(stream);
    return { stream, firstVersion, version: lastVersion(stub), commitId: uuidText(stub.c), time, repeated };
}
