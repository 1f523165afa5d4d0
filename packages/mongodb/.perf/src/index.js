// The public surface of @nestfold/mongodb, listed by hand.
export { mongo } from './connection/mongo.adapter.js';
