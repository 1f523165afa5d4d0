import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { MongoServer } from '../server/mongo-server.js';
import type { StartMongoOptions } from '../server/start-mongo.js';

// Another process cannot load TypeScript: it takes the build, which `tsc -b` makes before these tests.
const BUILD = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

const PROGRAM = `
  import { startMongo } from ${JSON.stringify(BUILD)};
  const { uri, nodes } = await startMongo({ ...JSON.parse(process.argv[1]), ignoreUri: true });
  console.log(JSON.stringify({ uri, nodes }));
  process.stdin.on('data', () => process.exit(0)).on('end', () => process.exit(1));
`;

/** A process of its own that has started a server, so that its death can be watched. */
export interface OwnerProcess extends Pick<MongoServer, 'uri' | 'nodes'> {
  readonly pid: number;
  /** Ends it by a signal, or lets it leave by `process.exit` without stopping its server. */
  end(how: NodeJS.Signals | 'exit'): Promise<void>;
}

/** Starts the server in a new process; rejects with what that process says when it fails. */
export async function startOwner(options: StartMongoOptions): Promise<OwnerProcess> {
  const owner = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, JSON.stringify(options)]);
  onTestFinished(() => void owner.kill('SIGKILL'));
  const exit = once(owner, 'exit');
  let complaints = '';
  owner.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const line = await Promise.race([
    once(createInterface({ input: owner.stdout }), 'line'),
    exit.then(() => {
      throw new Error(complaints);
    }),
  ]);
  return {
    ...(JSON.parse(String(line[0])) as Pick<MongoServer, 'uri' | 'nodes'>),
    pid: owner.pid ?? 0,
    end: async (how) => {
      if (how === 'exit') owner.stdin.write('exit\n');
      else owner.kill(how);
      await exit;
    },
  };
}
