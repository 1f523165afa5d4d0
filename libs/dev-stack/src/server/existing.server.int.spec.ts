import { spawn } from 'node:child_process';
import { MongoClient } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolveMongod } from '../mongod/resolve-mongod.js';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import { testDatabase } from '../testing/test-database.js';
import { waitFor } from '../support/wait-for.js';
import { findFreePorts } from '../process/free-port.js';
import { startMongo } from './start-mongo.js';

describe('startMongo with MONGODB_URI', () => {
  it('uses the server that is there, and leaves it running', async () => {
    const { uri } = testDatabase();
    const server = await startMongo({ ephemeral: { nodes: 3 }, env: { MONGODB_URI: uri } });
    expect(server).toMatchObject({ kind: 'existing', uri, nodes: [] });
    await expect(server.kill(0)).rejects.toThrow('was not started here');
    await server.stop();
    const client = new MongoClient(uri);
    expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
  });

  it('refuses a standalone server, and says what is missing', async () => {
    const mongod = await resolveMongod({ ignoreUri: true });
    const [port = 0] = await findFreePorts(1);
    const child = spawn(
      mongod.kind === 'binary' ? mongod.path : '',
      ['--port', String(port), '--dbpath', await temporaryFolder(), '--bind_ip', '127.0.0.1', '--nounixsocket'],
      { stdio: 'ignore' },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    const uri = `mongodb://127.0.0.1:${port}/`;
    const refusal = await waitFor({ what: 'the standalone server to answer', timeoutMs: 20_000 }, async () =>
      startMongo({ ephemeral: {}, env: { MONGODB_URI: uri } }).then(
        () => 'accepted',
        (error: unknown) => (String(error).includes('ECONNREFUSED') ? undefined : String(error)),
      ),
    );
    expect(refusal).toMatch(/MONGODB_URI cannot be used: it is a standalone server; .* need a replica set/);
  });
});
