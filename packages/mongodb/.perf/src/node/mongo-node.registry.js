import { COLLECTIONS } from '../connection/collections.js';
import { DURABLE, MAJORITY } from '../connection/durability.js';
const SILENT_AFTER_MS = 30_000;
/** Heartbeats in a collection, by the server's clock on both sides. */
export class MongoNodeRegistry {
    nodes;
    constructor(db) {
        this.nodes = db.collection(COLLECTIONS.nodes, { ...MAJORITY, writeConcern: DURABLE });
    }
    async beat({ id, projections, events, ...node }) {
        const fields = { ...node, projections: pairsOf(projections), events: pairsOf(events) };
        await this.nodes.updateOne({ _id: id }, [{ $set: { ...literals(fields), seenAt: '$$NOW', startedAt: { $ifNull: ['$startedAt', '$$NOW'] } } }], { upsert: true });
    }
    async leave(id) {
        await this.nodes.deleteOne({ _id: id });
    }
    async list() {
        const alive = { $gte: ['$seenAt', { $subtract: ['$$NOW', SILENT_AFTER_MS] }] };
        const found = await this.nodes
            .aggregate([{ $set: { alive } }, { $sort: { startedAt: 1, _id: 1 } }])
            .toArray();
        return found.map(({ _id: id, projections, events, ...node }) => ({
            ...node,
            id,
            projections: recordOf(projections),
            events: recordOf(events),
        }));
    }
}
/** Values as the pipeline stores them: not as expressions, whatever they begin with. */
function literals(fields) {
    return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, { $literal: value }]));
}
function pairsOf(versions) {
    return Object.entries(versions).map(([name, version]) => ({ name, version }));
}
function recordOf(pairs) {
    return Object.fromEntries(pairs.map(({ name, version }) => [name, version]));
}
