import type { Db, Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { checkServer } from './server-checks.js';

/** A database that answers so. */
function server(hello: Document, version: string, authInfo: Document = { authenticatedUsers: [] }): Db {
  const command = async (asked: Document): Promise<Document> => {
    if ('hello' in asked) return hello;
    if ('buildInfo' in asked) return { version, versionArray: version.split('.').map(Number) };
    return { authInfo };
  };
  return { databaseName: 'shop', command, admin: () => ({ command }) } as unknown as Db;
}

const replicaSet = { setName: 'rs0' };
const privileges = (...granted: Document[]): Document => ({
  authenticatedUsers: [{ user: 'ada' }],
  authenticatedUserPrivileges: granted,
});
const all = [
  'find',
  'insert',
  'update',
  'remove',
  'createCollection',
  'createIndex',
  'changeStream',
  'dropCollection',
  'listCollections',
];

describe('checkServer', () => {
  it.each([
    ['a replica set', replicaSet, '6.0.0'],
    ['a sharded cluster', { msg: 'isdbgrid' }, '8.0.4'],
  ])('accepts %s', async (_, hello, version) => {
    await expect(checkServer(server(hello, version))).resolves.toBeUndefined();
  });

  it('refuses a server that stands alone [S-2]', async () => {
    await expect(checkServer(server({}, '7.0.0'))).rejects.toThrow(/no replica set.*rs\.initiate/);
  });

  it('refuses a server older than 6.0, with its version [S-2]', async () => {
    await expect(checkServer(server(replicaSet, '5.0.31'))).rejects.toThrow(/version 5\.0\.31: 6\.0 or newer/);
  });

  it('names all that stands against a server in one error [S-2]', async () => {
    await expect(checkServer(server({}, '4.4.1', privileges()))).rejects.toThrow(/3 problems/);
  });

  it.each([
    ['on the database', { db: 'shop', collection: '' }],
    ['on all databases', { db: '', collection: '' }],
    ['on any resource', { anyResource: true }],
  ])('accepts rights %s', async (_, resource) => {
    await expect(
      checkServer(server(replicaSet, '6.0.5', privileges({ resource, actions: all }))),
    ).resolves.toBeUndefined();
  });

  it.each([
    ['on another database', { db: 'other', collection: '' }],
    ['on a single collection', { db: 'shop', collection: 'commits' }],
  ])('does not count rights %s', async (_, resource) => {
    await expect(checkServer(server(replicaSet, '6.0.5', privileges({ resource, actions: all })))).rejects.toThrow(
      /may not find/,
    );
  });
});
