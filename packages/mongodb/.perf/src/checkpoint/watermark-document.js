import { timestampOf } from '../connection/bson-mapping.js';
/** Finds the latest row of a stream. */
export const WATERMARK_INDEX = { name: 'stream', key: { '_id.g': 1, 'w.s': 1, '_id.t': -1 } };
/** The stored form of a batch's watermarks. */
export function watermarkDocument({ key, id }, { time, rows }) {
    return {
        _id: { g: key, t: timestampOf(time), b: id },
        w: rows.map(({ stream, seen, applied }) => ({ s: stream, seen, applied })),
    };
}
/** The row of one stream, of the latest document that has one. */
export function watermarkOf({ s, seen, applied }) {
    return { stream: s, seen, applied };
}
