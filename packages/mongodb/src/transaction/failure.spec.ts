import { isStoreUnavailable } from '@nestfold/core';
import { MongoServerError } from 'mongodb';
import { expect, it } from 'vitest';
import { explained } from './failure.js';

// Taken for a rule that the server has for documents, it was blamed on events, one after the other.
it('a full disk is an outage: whoever wrote may do the same again later [X-11]', () => {
  const full = new MongoServerError({ code: 14_031, codeName: 'OutOfDiskSpace', message: 'no space left on device' });
  expect(isStoreUnavailable(explained(full, 'Writing'))).toBe(true);
  const refused = new MongoServerError({ code: 121, codeName: 'DocumentValidationFailure', message: 'not valid' });
  expect(explained(refused, 'Writing')).toBe(refused);
});
