import { attemptsMessage, type FailedAttempt } from '../support/ask-in-order.js';
import type { MongodSourceName } from './mongod.source.js';

const REMEDIES = [
  'set MONGODB_URI to a MongoDB 6.0+ replica set that already runs (a single node is enough), or',
  'install MongoDB 6.0+ so that `mongod` is on PATH, or',
  'set NESTFOLD_MONGOD to the path of a mongod binary, or',
  'run once with a network: the binary is then kept in the cache folder (NESTFOLD_CACHE).',
];

/** No source has a mongod that runs here. The message lists what was tried and what to do. @publicApi */
export class MongodNotFoundError extends Error {
  readonly code = 'MONGOD_NOT_FOUND';
  readonly attempts: readonly FailedAttempt<MongodSourceName>[];

  constructor(attempts: readonly FailedAttempt<MongodSourceName>[]) {
    super(attemptsMessage('No MongoDB server is at hand.', attempts, REMEDIES));
    this.name = 'MongodNotFoundError';
    this.attempts = attempts;
  }
}
