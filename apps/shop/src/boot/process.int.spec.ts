import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

// The compiled program: `npm test` and `npm run test:int` build it first.
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

let folder: string;
const started = new Set<ChildProcess>();

beforeAll(async () => {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run \`npx tsc -b apps/shop\` first.`);
  folder = await mkdtemp(join(tmpdir(), 'nestfold-process-'));
});

afterEach(async () => {
  for (const child of started) if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
  started.clear();
});

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }));

interface Run {
  readonly child: ChildProcess;
  readonly closed: Promise<unknown>;
  output: string;
}

function run(env: Readonly<Record<string, string>>): Run {
  const { PATH, HOME, NESTFOLD_MONGOD, NESTFOLD_CACHE, XDG_CACHE_HOME } = process.env;
  const base = {
    PATH,
    HOME,
    NESTFOLD_MONGOD,
    NESTFOLD_CACHE,
    XDG_CACHE_HOME,
    PORT: '0',
    SEED: 'off',
    LOG_LEVEL: 'warn',
    DATA_DIR: folder,
  };
  const child = spawn(process.execPath, [MAIN], { env: { ...base, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  started.add(child);
  const running: Run = { child, closed: once(child, 'close'), output: '' };
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (running.output += chunk.toString()));
  return running;
}

/** Until all that it said is heard: at its exit there may be more to read. */
const ended = async ({ child, closed }: Run): Promise<number | null> => {
  await closed;
  return child.exitCode;
};

describe('the program', () => {
  it('ends with 1 and one message, without a stack, where the environment is wrong', async () => {
    const refused = run({ PORT: 'http', LOG_LEVEL: 'loud' });
    expect(await ended(refused)).toBe(1);
    expect(refused.output).toMatch(/PORT: [^]*LOG_LEVEL: /);
    expect(refused.output).not.toContain('    at ');
  });

  it('starts a MongoDB of its own, refuses a second program on its data, and ends it with itself', async () => {
    const shop = run({});
    await vi.waitFor(() => expect(shop.output).toContain('The shop is ready at http://localhost:'), {
      timeout: 60_000,
    });
    expect(shop.output).toMatch(/admin@shop\.test +password admin/);

    const second = run({});
    expect(await ended(second)).toBe(1);
    expect(second.output).toContain(
      `The shop runs already (process ${shop.child.pid}). Stop it, or start a second one: `,
    );
    expect(second.output).toMatch(/PORT=0 DATA_DIR=.+2 npm start\n$/);
    expect(second.output).not.toContain('    at ');

    const { serverPid } = JSON.parse(await readFile(join(folder, 'mongo', 'state.json'), 'utf8')) as {
      serverPid: number;
    };
    expect(() => process.kill(serverPid, 0)).not.toThrow();
    shop.child.kill('SIGTERM');
    expect(await ended(shop)).toBe(0);
    expect(shop.output).toMatch(/Stopped\.\n$/);
    expect(() => process.kill(serverPid, 0)).toThrow('ESRCH');
  });

  it('says what it waits for where no MongoDB answers, and ends at a signal without waiting on', async () => {
    const shop = run({ MONGODB_URI: 'mongodb://ada:secret@127.0.0.1:9/myshop' });
    await vi.waitFor(() => expect(shop.output).toContain('Waiting for MongoDB at 127.0.0.1:9 …'), { timeout: 20_000 });
    const asked = performance.now();
    shop.child.kill('SIGINT');
    expect(await ended(shop)).toBe(0);
    // Without the signal in `ConnectOptions` it ends when the search does, 10 s after its start.
    expect(performance.now() - asked).toBeLessThan(5_000);
    expect(shop.output).toMatch(/Stopping …\n$/);
    expect(shop.output).not.toContain('secret');
  });

  it('gives up where no MongoDB answers, with one message', async () => {
    const shop = run({ MONGODB_URI: 'mongodb://127.0.0.1:9/myshop' });
    expect(await ended(shop)).toBe(1);
    expect(shop.output).toMatch(
      /The shop did not start\.\nNo MongoDB server answers at mongodb:\/\/127\.0\.0\.1:9[^]*MONGODB_URI/,
    );
    expect(shop.output).not.toMatch(/^\{/m);
  });

  it('ends at a signal during its start as well, with the MongoDB that was starting', async () => {
    const fresh = join(folder, 'fresh');
    const shop = run({ DATA_DIR: fresh });
    const lock = join(fresh, 'mongo', 'data', 'mongod.lock');
    await vi.waitFor(() => expect(existsSync(lock)).toBe(true), { timeout: 60_000, interval: 5 });
    shop.child.kill('SIGINT');
    expect(await ended(shop)).toBe(0);
    expect(shop.output).not.toContain('The shop is ready');
    // mongod empties its lock when it closes its files.
    expect(await readFile(lock, 'utf8')).toBe('');
  });
});
