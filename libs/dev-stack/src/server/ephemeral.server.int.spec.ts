import { access } from 'node:fs/promises';
import { MongoClient } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { waitFor } from '../support/wait-for.js';
import type { EphemeralOptions } from './ephemeral.server.js';
import type { MongoServer } from './mongo-server.js';
import { startMongo } from './start-mongo.js';

async function start(options: EphemeralOptions): Promise<MongoServer> {
  const server = await startMongo({ ephemeral: options, ignoreUri: true });
  onTestFinished(() => server.stop());
  return server;
}

async function connect(uri: string): Promise<MongoClient> {
  const client = await new MongoClient(uri).connect();
  onTestFinished(() => client.close());
  return client;
}

describe('startMongo({ ephemeral })', () => {
  it('starts one node that is primary', async () => {
    const server = await start({});
    expect(server.kind).toBe('ephemeral');
    expect(server.nodes).toHaveLength(1);
    expect(await server.primary()).toBe(0);
  });

  it('offers fail points, and passes extra arguments on', async () => {
    const server = await start({ args: ['--oplogSize', '1', '--setParameter', 'transactionLifetimeLimitSeconds=7'] });
    const admin = (await connect(server.uri)).db('admin');
    expect(await admin.command({ configureFailPoint: 'failCommand', mode: 'off' })).toMatchObject({ ok: 1 });
    expect(await admin.command({ getParameter: 1, transactionLifetimeLimitSeconds: 1 })).toMatchObject({
      transactionLifetimeLimitSeconds: 7,
    });
    const { parsed } = await admin.command({ getCmdLineOpts: 1 });
    expect(parsed).toMatchObject({ replication: { oplogSizeMB: 1 }, net: { bindIp: '127.0.0.1' } });
  });

  it('lets nobody in who does not log in, where that is wanted', async () => {
    const server = await start({ accessControl: true });
    const things = (await connect(server.uri)).db('spec').collection('things');
    await things.insertOne({});
    const stranger = await connect(server.uri.replace(/\/\/.*@/, '//').replace('&authSource=admin', ''));
    await expect(stranger.db('spec').collection('things').findOne()).rejects.toThrow('requires authentication');
  });

  it('quotes the log of a mongod that does not start', async () => {
    await expect(start({ args: ['--setParameter', 'noSuchParameter=1'] })).rejects.toMatchObject({
      code: 'MONGOD_START_FAILED',
    });
  });

  it('leaves neither process nor data behind when stopped, even twice', async () => {
    const server = await start({});
    const folder = server.nodes[0]?.dataFolder ?? '';
    await Promise.all([server.stop(), server.stop()]);
    expect(server.nodes[0]?.pid).toBeUndefined();
    await expect(access(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('elects another primary of three when the first is killed, and takes it back', async () => {
    const server = await start({ nodes: 3 });
    const first = await server.primary();
    expect(first).toBeDefined();
    const accounts = (await connect(server.uri)).db('spec').collection('accounts');
    await accounts.insertOne({ written: 'before' }, { writeConcern: { w: 3 } });

    await server.kill(first ?? 0);
    expect(server.nodes[first ?? 0]?.pid).toBeUndefined();
    const second = await waitFor({ what: 'another primary', timeoutMs: 30_000 }, () => server.primary());
    expect(second).not.toBe(first);
    await accounts.insertOne({ written: 'after' });

    await server.restart(first ?? 0);
    await accounts.insertOne({ written: 'by all' }, { writeConcern: { w: 3, wtimeoutMS: 30_000 } });
    expect(await accounts.countDocuments()).toBe(3);
  });

  it('keeps the data of a single node that is killed and started again', async () => {
    const server = await start({ onDisk: true });
    const notes = (await connect(server.uri)).db('spec').collection('notes');
    await notes.insertOne({}, { writeConcern: { w: 'majority', journal: true } });
    await server.restart(0);
    expect(await notes.countDocuments()).toBe(1);
  });

  it('names the nodes there are when asked for another', async () => {
    const server = await start({});
    await expect(server.kill(1)).rejects.toThrow('No node 1: the set has 1');
  });
});
