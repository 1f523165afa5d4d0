import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadedVersion } from '../stream/expected-version.js';
import { ConfigurationError, isConfigurationError } from './configuration.error.js';
import { DomainRejection, InvalidMessage, isDomainRejection } from './domain-rejection.error.js';
import { hasCode, isNestfoldError } from './nestfold.error.js';
import { isStoreUnavailable, isStreamConflict, StoreUnavailable, StreamConflict } from './store.errors.js';

describe('errors', () => {
  it('are recognised by their code, also when another copy of the package threw them', () => {
    const foreign = Object.assign(new Error('x'), { isNestfoldError: true, code: 'stream.conflict' });
    expect([isStreamConflict(foreign), isStoreUnavailable(foreign), isNestfoldError(foreign)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it.each([
    [new Error('x')],
    [Object.assign(new Error('x'), { code: 'stream.conflict' })],
    [{ isNestfoldError: true, code: 'stream.conflict' }],
    [null],
    ['stream.conflict'],
  ])('do not include %s', (thrown) => {
    expect([isNestfoldError(thrown), hasCode(thrown, 'stream.conflict')]).toEqual([false, false]);
  });

  it('bear their class’s name, their cause, and facts as plain data', () => {
    const cause = new Error('socket');
    const unavailable = new StoreUnavailable('The database does not answer.', {}, { cause });
    expect([unavailable.name, unavailable.cause, unavailable.retry]).toEqual(['StoreUnavailable', cause, 'later']);
    const conflict = new StreamConflict('order-1', loadedVersion(3), 5);
    expect(conflict.message).toBe("'order-1' is at version 5, but version 3 was expected.");
    expect(JSON.parse(JSON.stringify(conflict.details))).toEqual({ stream: 'order-1', expected: 3, actual: 5 });
    expect(new StreamConflict('order-1', 'noStream', 5).message).toBe(
      "'order-1' exists already, at version 5: it was to be a new stream.",
    );
    expect(new StreamConflict('order-1', 'streamExists', 0).message).toBe("'order-1' does not exist, but was to.");
  });

  it('list all problems of a configuration', () => {
    const error = ConfigurationError.of(['first', 'second']);
    expect(error.message).toBe('2 problems in the configuration:\n  1. first\n  2. second');
    expect(ConfigurationError.of(['only']).message).toBe('1 problem in the configuration:\n  1. only');
    expect([isConfigurationError(error), error.details]).toEqual([true, { problems: ['first', 'second'] }]);
  });

  it('of a message name the message and each problem once, readable where they are printed', () => {
    const invalid = new InvalidMessage('Deposit', [{ path: 'cents', message: 'must be positive' }]);
    expect([invalid.messageName, invalid.message]).toEqual(['Deposit', 'Deposit is invalid: cents: must be positive']);
    expect(inspect(invalid)).toContain("problems: [ { path: 'cents', message: 'must be positive' } ]");
    expect(inspect(invalid)).not.toContain('[Object]');
  });

  it('of a rule bear the rule’s name as their code', () => {
    const refused = new DomainRejection('order.empty');
    expect([refused.code, isDomainRejection(refused), isDomainRejection(new InvalidMessage('x', []))]).toEqual([
      'order.empty',
      true,
      false,
    ]);
  });
});
