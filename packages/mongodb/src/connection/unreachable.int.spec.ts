import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isConfigurationError, isStoreUnavailable, silentLogger, systemEnvironment } from '@nestfold/core';
import { resolveMongod, testDatabase } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mongo } from './mongo.adapter.js';

const database = testDatabase('unreachable');
const bare = { folder: '', port: 0, mongod: undefined as ChildProcess | undefined };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

const failureOf = (
  uri: string,
  more: { withinMs?: number; signal?: AbortSignal } = {},
  serverSelectionTimeoutMS = 1_500,
): Promise<unknown> =>
  mongo({ uri, client: { serverSelectionTimeoutMS } })
    .connect({ environment: systemEnvironment, logger: silentLogger, ...more })
    .then(
      () => 'connected',
      (error: unknown) => error,
    );

beforeAll(async () => {
  const found = await resolveMongod({ ignoreUri: true });
  if (found.kind !== 'binary') throw new Error('A mongod is needed.');
  bare.folder = await mkdtemp(join(tmpdir(), 'nestfold-bare-'));
  bare.port = await freePort();
  const place = ['--port', String(bare.port), '--bind_ip', '127.0.0.1', '--dbpath', bare.folder];
  bare.mongod = spawn(found.path, ['--replSet', 'rs0', ...place, '--wiredTigerCacheSizeGB', '0.25'], {
    stdio: 'ignore',
  });
});

afterAll(async () => {
  if (bare.mongod?.kill('SIGKILL')) await once(bare.mongod, 'exit');
  await rm(bare.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  await database.drop();
});

// Without `explainSilence` both sets are said not to answer at all.
describe('a server that cannot be used', () => {
  it('is told apart from one that does not answer: its replica set is not initiated [S-2]', async () => {
    await expect
      .poll(
        async () => {
          const error = await failureOf(`mongodb://127.0.0.1:${bare.port}/shop`, { withinMs: 500 });
          return isStoreUnavailable(error) && error.message;
        },
        { timeout: 30_000 },
      )
      .toBe(`MongoDB answers at 127.0.0.1:${bare.port}, but its replica set is not initiated: run rs.initiate() once.`);
  });

  it('is told apart from one that does not answer: its replica set has another name', async () => {
    const uri = new URL(database.uri);
    uri.searchParams.set('replicaSet', 'wrong');
    const error = await failureOf(uri.toString());
    expect(isStoreUnavailable(error) && error.message).toMatch(
      /^MongoDB answers at .+, but its replica set is named '.+', not 'wrong'\.$/,
    );
  });

  it('refuses a user: that is said in words and is not tried again [S-2]', async () => {
    const uri = new URL(database.uri);
    uri.username = 'ada';
    uri.password = 'secret';
    const error = await failureOf(uri.toString());
    expect(isConfigurationError(error) && error.message).toMatch(
      /^MongoDB at mongodb:\/\/\*\*\*@.+ refused the user: check user, password and authSource of the connection string\.$/,
    );
    expect(String(error)).not.toContain('secret');
  });

  it('is looked for no longer once that is given up', async () => {
    const givenUp = new AbortController();
    const reason = new Error('given up');
    // Without the signal's listener the search goes on: the test is over before it is.
    const limits = { withinMs: 600_000, signal: givenUp.signal };
    const search = failureOf(`mongodb://127.0.0.1:${await freePort()}/shop`, limits, 600_000);
    givenUp.abort(reason);
    expect(await search).toBe(reason);
  });
});
