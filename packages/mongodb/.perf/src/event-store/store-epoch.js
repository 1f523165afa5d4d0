import { randomUUID } from 'node:crypto';
import { COLLECTIONS } from '../connection/collections.js';
import { DURABLE, MAJORITY } from '../connection/durability.js';
/** Names a store at its first start; answers the name ever after. */
export async function establishEpoch(db) {
    const store = db.collection(COLLECTIONS.store);
    const named = await store.findOneAndUpdate({ _id: 'store' }, { $setOnInsert: { epoch: randomUUID(), createdAt: new Date() } }, { upsert: true, returnDocument: 'after', writeConcern: DURABLE });
    return named?.epoch ?? readEpoch(db);
}
/** The store's name as it is now: a restore from a backup is answered with another one. */
export async function readEpoch(db) {
    const found = await db.collection(COLLECTIONS.store).findOne({ _id: 'store' }, MAJORITY);
    return found?.epoch ?? establishEpoch(db);
}
