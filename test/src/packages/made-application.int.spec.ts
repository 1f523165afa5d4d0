import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { environment, layOthers, packInto, run, unpackInto, type Archive } from './packed.js';
import { publishable } from './publishable.js';
import { typeProblemsOf } from './type-problems.js';

// From archives as `npm pack` makes them, an application with orders alone and a part of each kind. Nothing is downloaded. It has what a topic needs, since
// without it some files are missing and the others are the same (plan.spec.ts); `npm run test:strangers` makes all.
const TEST_URI = process.env['NESTFOLD_TEST_MONGODB_URI'] ?? '';
const NAME = 'corner-shop';

const packages = publishable();

let folder: string;
let archives: Archive[];
let application: string;
let started: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nestfold-made-'));
  application = join(folder, NAME);
  archives = await packInto(folder, packages);
  await unpackInto(folder, archives);
  await layOthers(folder);
});

afterAll(async () => {
  if (started?.exitCode === null && started.kill('SIGTERM')) await once(started, 'exit');
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
});

describe('what is packed', () => {
  it.each(packages)(
    '$manifest.name has all that its package.json names, a licence and a README',
    async ({ manifest }) => {
      const pkgDir = join(folder, 'node_modules', manifest.name);
      const { messages } = await publint({ pkgDir, level: 'suggestion', pack: false, strict: true });
      expect(messages).toEqual([]);
      expect(await readdir(pkgDir)).toEqual(expect.arrayContaining(['LICENSE', 'README.md']));
    },
  );

  it.each(packages)(
    '$manifest.name has types that say what is loaded, in both module systems [I-1]',
    async ({ manifest }) => {
      const { path } = archives.find(({ name }) => name === manifest.name) ?? { path: '' };
      expect(await typeProblemsOf(path)).toEqual([]);
    },
  );

  it('makes an application, and refuses to make it twice', async () => {
    const make = () =>
      node(
        'create-nestfold/dist/cli/create.main.js',
        folder,
        NAME,
        '--contexts',
        'orders',
        '--transport',
        'kafka',
        '--no-install',
        '--packages',
        '.',
      );
    expect(await make()).toContain(
      'with orders, a stand-in for catalog, a stand-in for customers, analytics fed by Kafka.',
    );
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
    await generate(
      'projection',
      'signups',
      '--context',
      'analytics',
      '--on',
      'customer-registered',
      '--topic',
      'activity',
    );
    await generate('query', 'find-ticket', '--context', 'support', '--projection', 'tickets');
    await generate('events-handler', 'ticket-mails', '--context', 'support', '--on', 'ticket-created');
    await node('prettier/bin/prettier.cjs', application, '--write', '--log-level', 'warn', '.');
  });

  it('compiles, and its lint finds nothing [I-2]', async () => {
    await node('typescript/bin/tsc', application, '-b');
    await node('typescript/bin/tsc', application, '-p', 'tsconfig.spec.json');
    await node('eslint/bin/eslint.js', application, '.', '--max-warnings', '0');
  });

  it('passes its tests, those of the parts among them [I-2]', async () => {
    expect(await node('vitest/vitest.mjs', application, 'run', '--project', 'unit')).toContain(
      'close-ticket.command.spec.ts',
    );
    await node('vitest/vitest.mjs', application, 'run', '--project', 'int', 'apps/corner-shop/src/e2e');
  });

  it('starts, and lets an operator rebuild a generated projection [I-2]', async () => {
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

const generate = (...args: readonly string[]) =>
  node('create-nestfold/dist/cli/nestfold.main.js', application, 'generate', ...args);

/** Runs a program of a package. Rejects with what it printed where it fails. */
function node(program: string, where: string, ...args: readonly string[]): Promise<string> {
  return run(where, process.execPath, [join(folder, 'node_modules', program), ...args], {
    NESTFOLD_TEST_MONGODB_URI: TEST_URI,
  });
}
