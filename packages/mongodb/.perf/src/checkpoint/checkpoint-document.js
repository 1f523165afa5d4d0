import { storeTimeOf, timestampOf } from '../connection/bson-mapping.js';
/** The stored form of a position. */
export function positionDocument(position) {
    const { phase, began, horizon, again } = position;
    return {
        phase,
        began: timestampOf(began),
        horizon: timestampOf(horizon),
        ...(position.phase === 'history' && position.after !== undefined && { after: timestampOf(position.after) }),
        ...(position.phase === 'live' && position.feed && { feed: { token: position.feed.token, time: timestampOf(position.feed.time) } }),
        ...(again !== undefined && { again: timestampOf(again) }),
    };
}
/** The stored form of the last commit that was taken. */
export function lastDocument({ stream, version, time }) {
    return { s: stream, v: version, ts: timestampOf(time) };
}
/** The checkpoint that a document describes. */
export function checkpointOf({ _id, token, batch, floor, position, last }) {
    return {
        key: _id,
        token,
        batch,
        ...(floor && { floor: storeTimeOf(floor) }),
        ...(position && { position: positionOf(position) }),
        ...(last && { last: { stream: last.s, version: last.v, time: storeTimeOf(last.ts) } }),
    };
}
function positionOf({ phase, began, horizon, after, feed, again }) {
    const common = {
        began: storeTimeOf(began),
        horizon: storeTimeOf(horizon),
        ...(again && { again: storeTimeOf(again) }),
    };
    if (phase === 'history')
        return { phase, ...common, ...(after && { after: storeTimeOf(after) }) };
    const place = feed && { token: feed.token, time: storeTimeOf(feed.time) };
    return { phase, ...common, ...(place && { feed: place }) };
}
