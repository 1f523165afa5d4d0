import { Timestamp } from 'mongodb';
import { fromBson, storeTimeOf, uuidText } from '../connection/bson-mapping.js';
/** Reads only that. */
export const STUB_FIELDS = { n: 1, c: 1, b: 1 };
/** A zero timestamp at the top of a document is replaced by the server's clock. */
export const SERVER_FILLED = new Timestamp({ t: 0, i: 0 });
/** The version of the last event. */
export function lastVersion({ _id, n }) {
    return _id.v + n - 1;
}
/** The commit in a document. */
export function commitOf(document) {
    const { _id, ts, at, o, c, keyed, b, e, m, x } = document;
    const events = new Array(e.length);
    for (let index = 0; index < e.length; index += 1) {
        const { t, k, d } = e[index];
        events[index] = { type: t, schema: k, data: x ? fromBson(d) : d };
    }
    const commit = {
        stream: _id.s,
        firstVersion: _id.v,
        id: uuidText(c),
        keyed: keyed === true,
        events,
        metadata: metadataOf(m),
        occurredAt: o ?? at,
        recordedAt: at,
        time: storeTimeOf(ts),
    };
    return b === undefined ? commit : { ...commit, bodyHash: b };
}
function metadataOf({ c, u, a, t, p, x }) {
    return {
        correlationId: c,
        causationId: u,
        ...(a !== undefined && { actor: a }),
        ...(t !== undefined && { tenant: t }),
        ...(p !== undefined && { traceparent: p }),
        ...(x !== undefined && { custom: x }),
    };
}
