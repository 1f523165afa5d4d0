// The public surface of @nestfold/mongodb, listed by hand.
export { mongo } from './connection/mongo.adapter.js';
export type { MongoOptions } from './connection/mongo-options.js';
export { MongoOutbox, type OutboxMessage, type OutboxOptions, type OutboxReceipt } from './outbox/outbox.js';
export { isOutsideTransaction, OutsideTransaction } from './outbox/outside-transaction.error.js';
