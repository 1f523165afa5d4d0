import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OUR_PACKAGES } from './application/manifests.js';

// From archives as `npm pack` makes them of the compiled packages (`npm test` and `npm run test:int` build first), an application with orders
// alone and a part of each kind. Nothing is downloaded: packages of others are the repository's own.
const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const TEST_URI = process.env['NESTFOLD_TEST_MONGODB_URI'] ?? '';
const NAME = 'corner-shop';

let folder: string;
let application: string;
let started: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nestfold-made-'));
  application = join(folder, NAME);
  await run(REPOSITORY, 'npm', 'pack', ...OUR_PACKAGES.flatMap((one) => ['-w', one]), '--pack-destination', folder);
  for (const archive of (await readdir(folder)).filter((name) => name.endsWith('.tgz'))) {
    const one = OUR_PACKAGES.find((name) => archive.startsWith(`${flat(name)}-`)) ?? '';
    await mkdir(join(folder, 'node_modules', one), { recursive: true });
    await run(folder, 'tar', 'xzf', archive, '-C', join('node_modules', one), '--strip-components=1');
  }
  await linkOthers();
});

afterAll(async () => {
  if (started?.exitCode === null && started.kill('SIGTERM')) await once(started, 'exit');
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
});

describe('what is packed', () => {
  it.each(OUR_PACKAGES)('%s has all that its package.json names, a licence and a README', async (one) => {
    const { messages } = await publint({
      pkgDir: join(folder, 'node_modules', one),
      level: 'suggestion',
      pack: false,
      strict: true,
    });
    expect(messages).toEqual([]);
    expect(await readdir(join(folder, 'node_modules', one))).toEqual(expect.arrayContaining(['LICENSE', 'README.md']));
  });

  it('makes an application, and refuses to make it twice', async () => {
    const make = () =>
      node(
        'create-nestfold/dist/cli/create.main.js',
        folder,
        NAME,
        '--contexts',
        'orders',
        '--no-install',
        '--packages',
        '.',
      );
    expect(await make()).toContain('with orders, a stand-in for catalog, a stand-in for customers.');
    await expect(make()).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing is overwritten') as string,
    });
    // npm leaves out two of these when it packs.
    expect(await readdir(application)).toEqual(expect.arrayContaining(['.dockerignore', '.gitignore', '.npmrc']));
    await mkdir(join(application, 'node_modules', `@${NAME}`), { recursive: true });
  });
});

describe('an application of orders alone with a part of each kind', { timeout: 180_000 }, () => {
  it('gets its parts', async () => {
    await generate('context', 'support', '--no-install');
    for (const lib of await readdir(join(application, 'libs')))
      await symlink(join(application, 'libs', lib), join(application, 'node_modules', `@${NAME}`, lib), 'junction');
    await generate('aggregate', 'ticket', '--context', 'support');
    await generate('event', 'ticket-moved', '--context', 'support', '--aggregate', 'ticket');
    await generate(
      'command',
      'close-ticket',
      '--context',
      'support',
      '--aggregate',
      'ticket',
      '--emits',
      'ticket-closed',
    );
    await generate(
      'projection',
      'tickets',
      '--context',
      'support',
      '--on',
      'ticket-created,ticket-closed,customer-registered',
    );
    await generate('query', 'find-ticket', '--context', 'support', '--projection', 'tickets');
    await generate('events-handler', 'ticket-mails', '--context', 'support', '--on', 'ticket-created');
    await node('prettier/bin/prettier.cjs', application, '--write', '--log-level', 'warn', '.');
  });

  it('compiles, and its lint finds nothing', async () => {
    await node('typescript/bin/tsc', application, '-b');
    await node('typescript/bin/tsc', application, '-p', 'tsconfig.spec.json');
    await node('eslint/bin/eslint.js', application, '.', '--max-warnings', '0');
  });

  it('passes its tests, those of the parts among them', async () => {
    expect(await node('vitest/vitest.mjs', application, 'run', '--project', 'unit')).toContain(
      'close-ticket.command.spec.ts',
    );
    await node('vitest/vitest.mjs', application, 'run', '--project', 'int', 'apps/corner-shop/src/e2e');
  });

  it('starts, and lets an operator rebuild a generated projection', async () => {
    const url = await start();
    const login = await call(`${url}/auth/token`, { email: 'admin@shop.test', password: 'admin' });
    const headers = { authorization: `Bearer ${String(login['token'])}` };
    const rebuild = await call(`${url}/admin/projections/tickets/rebuild`, {}, headers);
    await expect
      .poll(() => call(`${url}/admin/rebuilds/${String(rebuild['id'])}`, undefined, headers), { timeout: 30_000 })
      .toMatchObject({ projection: 'tickets', state: 'done' });
  });
});

/** Starts the application over the test server, and answers its address once it is ready. */
async function start(): Promise<string> {
  const env = {
    ...environment(),
    NODE_ENV: 'development',
    PORT: '0',
    LOG_LEVEL: 'warn',
    DATA_DIR: join(folder, 'data'),
  };
  started = spawn(process.execPath, [join(application, 'apps', NAME, 'dist', 'main.js')], {
    cwd: application,
    env: { ...env, MONGODB_URI: TEST_URI, MONGODB_DATABASE: `made_${process.pid}` },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [started.stdout, started.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const address = await vi.waitFor(
    () => {
      const [, found] = /ready at (http:\S+)/.exec(output) ?? [];
      if (found === undefined) throw new Error(`It did not start: ${output}`);
      return found;
    },
    { timeout: 60_000 },
  );
  await expect.poll(async () => (await fetch(`${address}/health/ready`)).status, { timeout: 30_000 }).toBe(200);
  return address;
}

async function call(
  url: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { ...headers, 'content-type': 'application/json' },
  });
  return (await answer.json()) as Record<string, unknown>;
}

/** What lies in the folder uses packages of others as they are installed in the repository; ours lie beside them, as they were packed. */
async function linkOthers(): Promise<void> {
  const installed = await readdir(join(REPOSITORY, 'node_modules'));
  for (const name of installed.filter((one) => !/^\.|^(@nestfold|@shop|create-nestfold)$/.test(one)))
    await symlink(join(REPOSITORY, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
}

const generate = (...args: readonly string[]) =>
  node('create-nestfold/dist/cli/nestfold.main.js', application, 'generate', ...args);

/** Runs a program of a package. Rejects with what it printed where it fails. */
function node(program: string, where: string, ...args: readonly string[]): Promise<string> {
  return run(where, process.execPath, join(folder, 'node_modules', program), ...args);
}

async function run(where: string, program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd: where, env: environment(), maxBuffer: 1e8 });
  return stdout;
}

/** What of this process's environment is the machine's, and not this test run's. */
function environment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, NESTFOLD_MONGOD, NESTFOLD_CACHE, XDG_CACHE_HOME } = process.env;
  return { PATH, HOME, TMPDIR, NESTFOLD_MONGOD, NESTFOLD_CACHE, XDG_CACHE_HOME, NESTFOLD_TEST_MONGODB_URI: TEST_URI };
}

function flat(name: string): string {
  return name.replace('@', '').replace('/', '-');
}
