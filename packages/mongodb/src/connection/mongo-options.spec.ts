import { describe, expect, it } from 'vitest';
import { mongo } from './mongo.adapter.js';
import { asideOptions, clientOptions, databaseOf, redacted } from './mongo-options.js';

describe('mongo()', () => {
  it.each([
    [{ uri: '' }, 'is the environment variable set?'],
    [{ uri: 'localhost:27017' }, 'no connection string'],
    [{ uri: 'mongodb://h/?nonsense=1' }, 'nonsense'],
    [{ uri: 'mongodb://h', database: 'a.b' }, "'a.b' is no name of a database"],
    [{ uri: 'mongodb://h', queue: { commits: 0 } }, 'queue.commits'],
    [{ uri: 'mongodb://h', horizonSeconds: -1 }, 'horizonSeconds'],
  ])('refuses %j at once, and says why', (options, reason) => {
    expect(() => mongo(options)).toThrow(
      expect.objectContaining({ code: 'configuration', message: expect.stringContaining(reason) }),
    );
  });

  it('names all that is wrong in one error, without the password [A-5, S-1]', () => {
    const wrong = { uri: 'mongodb://ada:secret@h/?nonsense=1', database: '$', horizonSeconds: 0 };
    expect(() => mongo(wrong)).toThrow(/3 problems/);
    expect(() => mongo(wrong)).not.toThrow(/secret/);
  });
});

describe('the options of the driver', () => {
  it('are ours unless the user says otherwise', () => {
    expect(clientOptions({ uri: 'mongodb://h' })).toMatchObject({
      appName: 'nestfold',
      maxPoolSize: 20,
      waitQueueTimeoutMS: 10_000,
      heartbeatFrequencyMS: 2_000,
      retryReads: true,
      retryWrites: true,
    });
    expect(clientOptions({ uri: 'mongodb://h', client: { maxPoolSize: 5, appName: 'shop' } })).toMatchObject({
      appName: 'shop',
      maxPoolSize: 5,
    });
  });

  it('give appends that block a pool of their own', () => {
    expect(asideOptions({ uri: 'mongodb://h', client: { maxPoolSize: 50, minPoolSize: 5 } })).toMatchObject({
      appName: 'nestfold-resend',
      maxPoolSize: 8,
      minPoolSize: 0,
    });
  });
});

describe('the database', () => {
  it.each([
    ['mongodb://h', undefined, 'nestfold'],
    ['mongodb://h/?replicaSet=rs0', undefined, 'nestfold'],
    ['mongodb://h/shop?replicaSet=rs0', undefined, 'shop'],
    ['mongodb://h/test', undefined, 'test'],
    ['mongodb://h/shop', 'orders', 'orders'],
  ])('of %s and %s is %s', (uri, database, name) => {
    expect(databaseOf({ uri, ...(database !== undefined && { database }) })).toBe(name);
  });
});

describe('redacted', () => {
  it('leaves neither user nor password in an address [A-5]', () => {
    expect(redacted('mongodb://ada:p%40ss@h1,h2/shop')).toBe('mongodb://***@h1,h2/shop');
    expect(redacted('mongodb://ada:p@ss@h1/shop')).toBe('mongodb://***@h1/shop');
    expect(redacted('mongodb://h1/shop')).toBe('mongodb://h1/shop');
  });
});
