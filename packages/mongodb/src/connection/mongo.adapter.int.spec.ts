import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isConfigurationError, silentLogger, systemEnvironment } from '@nestfold/core';
import { resolveMongod, startMongo, type MongoServer } from '@nestfold/dev-stack';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { append } from '../../test/write-side.rig.js';
import { mongo } from './mongo.adapter.js';

const connectOptions = { environment: systemEnvironment, logger: silentLogger };

describe('a server that cannot hold a store', () => {
  it('is said to be out of reach, without the password [A-5]', async () => {
    const adapter = mongo({ uri: 'mongodb://ada:secret@127.0.0.1:1/shop', client: { serverSelectionTimeoutMS: 200 } });
    const error: unknown = await adapter.connect(connectOptions).catch((one: unknown) => one);
    expect(error).toMatchObject({
      code: 'store.unavailable',
      message: expect.stringContaining('mongodb://***@127.0.0.1:1/shop') as string,
    });
    expect(String(error)).not.toContain('secret');
  });

  // Without `reachServer` this takes the 10 s for which the driver looks for a server (tried).
  it('is given up when the caller has no more time, saying why', async () => {
    const started = performance.now();
    const adapter = mongo({ uri: 'mongodb://127.0.0.1:1/shop' });
    await expect(adapter.connect({ ...connectOptions, withinMs: 300 })).rejects.toMatchObject({
      code: 'store.unavailable',
      message: expect.stringMatching(/within 300 ms.*ECONNREFUSED/) as string,
    });
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe('a server with access control', () => {
  let server: MongoServer;
  let open: MongoClient;

  beforeAll(async () => {
    server = await startMongo({ ephemeral: { accessControl: true }, ignoreUri: true });
    open = await new MongoClient(server.uri).connect();
  });

  afterAll(async () => {
    await open.close();
    await server.stop();
  });

  async function userWith(roles: object[]): Promise<string> {
    const name = `u${randomUUID()}`;
    await open.db('admin').command({ createUser: name, pwd: 'pw', roles });
    return server.uri.replace(/\/\/[^@]+@/, `//${name}:pw@`);
  }

  it('is enough with the role readWrite on its database alone', async () => {
    const store = await mongo({ uri: await userWith([{ role: 'readWrite', db: 'shop' }]), database: 'shop' }).connect(
      connectOptions,
    );
    expect(await append(store, `order-${randomUUID()}`, 'noStream')).toMatchObject({ version: 1 });
    await store.close();
  });

  it('is refused for a user who may only read, naming what is missing and the remedy [S-2]', async () => {
    // Fails when `rightsProblem` is left out: then the first command says so, with the first right only (tried).
    const adapter = mongo({ uri: await userWith([{ role: 'read', db: 'shop' }]), database: 'shop' });
    const error: unknown = await adapter.connect(connectOptions).catch((one: unknown) => one);
    expect(isConfigurationError(error)).toBe(true);
    expect(String(error)).toMatch(
      /may not insert, update, remove, createCollection, createIndex, dropCollection in 'shop'/,
    );
    expect(String(error)).toContain("db.grantRolesToUser('<user>', [{ role: 'readWrite', db: 'shop' }])");
  });
});

describe('a server that is no replica set', () => {
  it('is refused, with the remedy [S-2]', async () => {
    const mongod = await resolveMongod({ ignoreUri: true });
    if (mongod.kind !== 'binary') throw new Error('A binary is needed.');
    const [folder, port] = [await mkdtemp(join(tmpdir(), 'nestfold-alone-')), await freePort()];
    const alone = spawn(
      mongod.path,
      ['--port', String(port), '--dbpath', folder, '--bind_ip', '127.0.0.1', '--nounixsocket'],
      { stdio: 'ignore' },
    );
    try {
      const refused = mongo({ uri: `mongodb://127.0.0.1:${port}`, database: 'shop' }).connect(connectOptions);
      await expect(refused).rejects.toMatchObject({
        code: 'configuration',
        message: expect.stringContaining('--replSet') as string,
      });
    } finally {
      alone.kill('SIGKILL');
      await once(alone, 'exit');
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
